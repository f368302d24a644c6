import { fetchStream } from '../../../dist/index.js'
import { streamChannel } from './stream-channel.ts'

export const channel = streamChannel(fetchStream)

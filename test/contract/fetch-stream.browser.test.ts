import { inject } from 'vitest'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { describeTransport } from './describe-transport.ts'
import { fetchStreamServers } from './server-peer.ts'

describeTransport("fetchStream over the browser's own fetch", fetchStreamServers(inject('origins'), fetchStream))

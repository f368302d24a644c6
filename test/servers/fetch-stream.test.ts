import { afterAll } from 'vitest'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { describeTransport } from '../contract/describe-transport.ts'
import { fetchStreamServers } from '../contract/server-peer.ts'
import { startServers } from './start-servers.ts'

const servers = await startServers()
afterAll(servers.close)

describeTransport("fetchStream over Node's own fetch", fetchStreamServers(servers, fetchStream))

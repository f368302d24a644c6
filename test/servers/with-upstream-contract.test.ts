import { afterAll } from 'vitest'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { describeTransport } from '../contract/describe-transport.ts'
import { fetchStreamServers } from '../contract/server-peer.ts'
import { withUpstreamServers } from '../contract/upstreams.ts'
import { startServers } from './start-servers.ts'

const servers = await startServers()
afterAll(servers.close)

describeTransport(
  "withUpstream(fetchStream) over Node's own fetch",
  withUpstreamServers(fetchStreamServers(servers, fetchStream), servers),
)

import { inject } from 'vitest'
import { eventSource } from '../../src/transports/event-source.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { describeTransport } from './describe-transport.ts'
import { eventStreamServers, fetchStreamServers } from './server-peer.ts'
import { throwing } from './throwing.ts'
import { withUpstreamServers } from './upstreams.ts'

const origins = inject('origins')
const sources = eventStreamServers(origins, eventSource, (cause) =>
  eventSource('/', { EventSource: throwing<typeof EventSource>(cause) }),
)

describeTransport("withUpstream(eventSource) over the browser's own", withUpstreamServers(sources, origins))
describeTransport(
  "withUpstream(fetchStream) over the browser's own",
  withUpstreamServers(fetchStreamServers(origins, fetchStream), origins),
)

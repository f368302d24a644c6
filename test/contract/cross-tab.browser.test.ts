import { inject } from 'vitest'
import { eventSource } from '../../src/transports/event-source.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { webSocket } from '../../src/transports/web-socket.ts'
import { overCrossTab } from './cross-tabs.ts'
import { describeTransport } from './describe-transport.ts'
import { firstOf, lastAfter } from './fallbacks.ts'
import { eventStreamServers, fetchStreamServers, serverPeer, webSocketServers } from './server-peer.ts'
import { throwing } from './throwing.ts'
import { withUpstreamServers } from './upstreams.ts'

const origins = inject('origins')
const sockets = webSocketServers(origins, webSocket, (cause) =>
  webSocket('/', { WebSocket: throwing<typeof WebSocket>(cause) }),
)
const sources = eventStreamServers(origins, eventSource, (cause) =>
  eventSource('/', { EventSource: throwing<typeof EventSource>(cause) }),
)
const streams = fetchStreamServers(origins, fetchStream)
const refused = webSocket(serverPeer(origins, '/ws/refuse', { status: '403' }).url)

describeTransport("crossTab(webSocket) over the browser's own", overCrossTab(sockets))
describeTransport("crossTab(eventSource) over the browser's own", overCrossTab(sources))
describeTransport("crossTab(fetchStream) over the browser's own", overCrossTab(streams))
describeTransport(
  "crossTab(withUpstream(eventSource)) over the browser's own",
  overCrossTab(withUpstreamServers(sources, origins)),
)
describeTransport(
  "crossTab(withUpstream(fetchStream)) over the browser's own",
  overCrossTab(withUpstreamServers(streams, origins)),
)
describeTransport(
  "crossTab(fallback) to the browser's own webSocket, which comes first",
  overCrossTab(firstOf(sockets)),
)
describeTransport(
  "crossTab(fallback) to withUpstream(fetchStream) over the browser's own, after a webSocket that is refused",
  overCrossTab(lastAfter(refused, withUpstreamServers(streams, origins))),
)

import { inject } from 'vitest'
import { eventSource } from '../../src/transports/event-source.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { webSocket } from '../../src/transports/web-socket.ts'
import { overCrossTab } from './cross-tabs.ts'
import { describeTransport } from './describe-transport.ts'
import { eventStreamServers, fetchStreamServers, webSocketServers } from './server-peer.ts'
import { throwing } from './throwing.ts'

const origins = inject('origins')
const sockets = webSocketServers(origins, webSocket, (cause) =>
  webSocket('/', { WebSocket: throwing<typeof WebSocket>(cause) }),
)
const sources = eventStreamServers(origins, eventSource, (cause) =>
  eventSource('/', { EventSource: throwing<typeof EventSource>(cause) }),
)

describeTransport("crossTab(webSocket) over the browser's own", overCrossTab(sockets))
describeTransport("crossTab(eventSource) over the browser's own", overCrossTab(sources))
describeTransport(
  "crossTab(fetchStream) over the browser's own",
  overCrossTab(fetchStreamServers(origins, fetchStream)),
)

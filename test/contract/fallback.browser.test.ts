import { inject } from 'vitest'
import { eventSource } from '../../src/transports/event-source.ts'
import { webSocket } from '../../src/transports/web-socket.ts'
import { describeTransport } from './describe-transport.ts'
import { fallbacks, unsupported } from './fallbacks.ts'
import { eventStreamServers, webSocketServers } from './server-peer.ts'
import { throwing } from './throwing.ts'

const origins = inject('origins')
const sockets = webSocketServers(origins, webSocket, (cause) =>
  webSocket('/', { WebSocket: throwing<typeof WebSocket>(cause) }),
)
const sources = eventStreamServers(origins, eventSource, (cause) =>
  eventSource('/', { EventSource: throwing<typeof EventSource>(cause) }),
)

describeTransport("fallback to webSocket over the browser's own", fallbacks(sockets, [unsupported]))
describeTransport("fallback to eventSource over the browser's own", fallbacks(sources, [unsupported]))

/** The feed over a WebSocket, `/feed?since=ID`. A socket has no ids of its own: each frame has its id, and the URL the client's last one. */
import type { WebSocket } from 'ws'
import { sendTicks } from './feed-ticks.ts'
import { registerSocket } from './register-socket.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

/** Bytes that may wait in the socket: over this, no more events are written until the next tick. */
const mostUnsent = 1_048_576

export function feedSocket(webSocket: WebSocket, since: string | null, interval: number, sockets: SocketsSwitch): void {
  const reader = {
    isFull: () => webSocket.bufferedAmount > mostUnsent,
    write: (id: number, type: string, data: object) => webSocket.send(JSON.stringify({ type, id, data })),
  }
  registerSocket(webSocket, sockets, sendTicks(reader, since, interval).stop)
}

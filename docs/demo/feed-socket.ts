/** The feed over a WebSocket, `/feed?since=ID`: a socket has no ids and no header for them, so both are in what we send. */
import type { WebSocket } from 'ws'
import { sendTicks } from './feed-ticks.ts'
import { registerSocket } from './register-socket.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

/** Bytes that may wait in front of the socket: more is not made before these are gone. */
const mostUnsent = 1_048_576

export function feedSocket(webSocket: WebSocket, since: string | null, interval: number, sockets: SocketsSwitch): void {
  const reader = {
    isFull: () => webSocket.bufferedAmount > mostUnsent,
    write: (id: number, type: string, data: object) => webSocket.send(JSON.stringify({ type, id, data })),
  }
  registerSocket(webSocket, sockets, sendTicks(reader, since, interval).stop)
}

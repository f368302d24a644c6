/** A WebSocket with frames as holdfast's `json()` has them: answers pings, and leaves the meaning of all other frames to the peer. */
import type { WebSocket } from 'ws'
import { parseFrame } from './frame-fields.ts'
import { type Send, serveFrames } from './frame-socket.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

export interface JsonPeer {
  /** `data` is whatever came, and has to be checked. Not called after `leave`. */
  receive(type: string, data: unknown): void
  /** Called once, when the socket has ended, by either side or by the switch. */
  leave(): void
}

/** `meet` gets a function that sends to this socket, and returns the peer that hears what comes in. */
export function openJsonSocket(webSocket: WebSocket, sockets: SocketsSwitch, meet: (send: Send) => JsonPeer): void {
  serveFrames(webSocket, sockets, parseFrame, ({ send }) => {
    const { receive, leave } = meet(send)
    return {
      receive({ type, payload }) {
        if (type === 'ping') send('pong', payload)
        else if (typeof type === 'string') receive(type, payload)
      },
      leave,
    }
  })
}

/**
 * The chat over a WebSocket, `/chat`: carries frames between a socket and the room. A frame that the chat does not know is
 * ignored: a demo must survive everything that reaches it.
 */
import type { WebSocket } from 'ws'
import { readFrame, writeFrame } from './chat-frames.ts'
import type { ChatRoom } from './chat-room.ts'
import { registerSocket } from './register-socket.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

/** Bytes that may wait for a reader that does not read, before it is given up. */
const mostUnsent = 1_048_576

/** With a name in the URL the visitor has joined, without a frame to send after every reconnect. */
export function chatSocket(webSocket: WebSocket, name: string | null, room: ChatRoom, sockets: SocketsSwitch): void {
  const visitor = room.enter((event, data) => {
    webSocket.send(writeFrame(event, data))
    if (webSocket.bufferedAmount > mostUnsent) webSocket.terminate()
  })

  const join = name === null ? undefined : readFrame(JSON.stringify({ type: 'join', data: { name } }))
  if (join !== undefined) visitor.receive(join)

  registerSocket(webSocket, sockets, visitor.leave)

  webSocket.on('message', (data, isBinary) => {
    const frame = isBinary ? undefined : readFrame(data.toString())
    if (frame !== undefined) visitor.receive(frame)
  })
}

/** The chat over a WebSocket, `/chat`. */
import type { WebSocket } from 'ws'
import { readFrame } from './chat-frames.ts'
import type { ChatRoom } from './chat-room.ts'
import { readName } from './frame-fields.ts'
import { serveFrames } from './frame-socket.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

/** A visitor with a name in the URL joins at once: the page need not send `join` after every reconnect. */
export function chatSocket(webSocket: WebSocket, name: string | null, room: ChatRoom, sockets: SocketsSwitch): void {
  serveFrames(webSocket, sockets, readFrame, ({ send }) => {
    const visitor = room.enter(send)
    const tidy = readName(name)
    if (tidy !== undefined) visitor.receive({ type: 'join', name: tidy })
    return visitor
  })
}

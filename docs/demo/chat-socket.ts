/**
 * The WebSocket endpoint `/chat`: takes upgrades, refuses those that may not come in, and carries frames between a
 * socket and the room. A frame that the chat does not know is ignored: a demo must survive everything that reaches
 * it.
 */
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { largestFrame, readFrame, writeFrame } from './chat-frames.ts'
import type { ChatRoom } from './chat-room.ts'
import { isSameOrigin } from './same-origin.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

const serviceRestart = 1012
/** Bytes that may wait for a reader that does not read, before it is given up. */
const mostUnsent = 1_048_576

/** Returns what ends every socket at once, without a goodbye. */
export function serveChat(server: Server, room: ChatRoom, sockets: SocketsSwitch): () => void {
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: largestFrame })

  server.on('upgrade', (request, socket, head) => {
    // Until `ws` takes over nobody else listens, and an unheard 'error' ends the process.
    socket.on('error', () => socket.destroy())

    if (request.url?.split('?')[0] !== '/chat') return refuse(socket, '404 Not Found')
    if (!isSameOrigin(request)) return refuse(socket, '403 Forbidden')
    if (!sockets.open) return socket.destroy()

    const name = new URL(request.url, 'http://localhost').searchParams.get('name')
    webSockets.handleUpgrade(request, socket, head, (webSocket) => welcome(webSocket, name, room, sockets))
  })

  return () => {
    for (const webSocket of webSockets.clients) webSocket.terminate()
    webSockets.close()
  }
}

/** With a name in the URL the visitor has joined, without a frame to send after every reconnect. */
function welcome(webSocket: WebSocket, name: string | null, room: ChatRoom, sockets: SocketsSwitch): void {
  // 'close' follows every 'error', so there is nothing to do here but to listen.
  webSocket.on('error', () => undefined)

  const visitor = room.enter((event, data) => {
    webSocket.send(writeFrame(event, data))
    if (webSocket.bufferedAmount > mostUnsent) webSocket.terminate()
  })

  const join = name === null ? undefined : readFrame(JSON.stringify({ type: 'join', data: { name } }))
  if (join !== undefined) visitor.receive(join)

  const remove = sockets.add('webSocket', () => {
    visitor.leave()
    webSocket.close(serviceRestart, 'service restart')
  })

  webSocket.on('message', (data, isBinary) => {
    const frame = isBinary ? undefined : readFrame(data.toString())
    if (frame !== undefined) visitor.receive(frame)
  })

  webSocket.on('close', () => {
    remove()
    visitor.leave()
  })
}

function refuse(socket: Duplex, status: string): void {
  // A client that never hangs up would otherwise keep the server from closing.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

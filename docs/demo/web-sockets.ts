/** The WebSocket endpoints: takes upgrades, refuses those that may not come in, and hands the others to the endpoint of their path. */
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { isSameOrigin } from './same-origin.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

/** Path → what serves its sockets. */
export type Endpoints = Readonly<Record<string, (webSocket: WebSocket, query: URLSearchParams) => void>>

/** Returns a function that ends every socket at once, without a close frame. */
export function serveWebSockets(server: Server, endpoints: Endpoints, maxPayload: number, sockets: SocketsSwitch) {
  const webSockets = new WebSocketServer({ noServer: true, maxPayload })

  server.on('upgrade', (request, socket, head) => {
    // Until `ws` takes over nobody else listens, and an unheard 'error' ends the process.
    socket.on('error', () => socket.destroy())

    const [path = '', query] = request.url?.split('?') ?? []
    const serve = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined
    if (!serve) return refuse(socket, '404 Not Found')
    if (!isSameOrigin(request)) return refuse(socket, '403 Forbidden')

    const upgrade = () =>
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        // 'close' follows every 'error', so there is nothing to do here but to listen.
        webSocket.on('error', () => undefined)
        serve(webSocket, new URLSearchParams(query))
      })
    socket.on('close', sockets.admit(socket, upgrade))
  })

  return () => {
    for (const webSocket of webSockets.clients) webSocket.terminate()
    webSockets.close()
  }
}

function refuse(socket: Duplex, status: string): void {
  // A client that never hangs up would otherwise keep the server from closing.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

import type { IncomingMessage, Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

/** `expiryOf` verifies a token: the epoch time until which it is good, `undefined` for one that is not. */
export function acceptSubprotocolTokens(
  server: Server,
  expiryOf: (token: string) => number | undefined,
  serve: (socket: WebSocket, request: IncomingMessage) => void,
): void {
  // Chooses the protocol, never the token: what is chosen goes back in the answer.
  const handleProtocols = (offered: Set<string>) => offered.has('live.v1') && 'live.v1'
  const sockets = new WebSocketServer({ server, path: '/live', handleProtocols })

  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate())
    const [, encoded = ''] = /\bbearer\.([\w-]+)/.exec(request.headers['sec-websocket-protocol'] ?? '') ?? []
    const expiresAt = expiryOf(Buffer.from(encoded, 'base64url').toString())
    if (expiresAt === undefined) return socket.close(4401, 'token')

    // A timer above 2 ** 31 - 1 would fire at once.
    const expiry = setTimeout(() => socket.close(4401, 'expired'), Math.min(expiresAt - Date.now(), 2 ** 31 - 1))
    socket.once('close', () => clearTimeout(expiry))
    socket.send('{"type":"welcome"}')
    serve(socket, request)
  })
}

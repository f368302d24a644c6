import type { IncomingMessage, Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

/** `expiryOf` verifies a token: it returns when a good one expires, in epoch milliseconds, and `undefined` for any other. */
export function acceptSubprotocolTokens(
  server: Server,
  expiryOf: (token: string) => number | undefined,
  serve: (socket: WebSocket, request: IncomingMessage) => void,
): void {
  // Chooses the protocol, never the token: the response names what was chosen.
  const handleProtocols = (offered: Set<string>) => offered.has('live.v1') && 'live.v1'
  const sockets = new WebSocketServer({ server, path: '/live', handleProtocols })

  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate())
    const [, encoded = ''] = /\bbearer\.([\w-]+)/.exec(request.headers['sec-websocket-protocol'] ?? '') ?? []
    const expiresAt = expiryOf(Buffer.from(encoded, 'base64url').toString())
    if (expiresAt === undefined) return socket.close(4401, 'token')

    // A timer of more than 2 ** 31 - 1 ms would fire at once.
    const expiry = setTimeout(() => socket.close(4401, 'expired'), Math.min(expiresAt - Date.now(), 2 ** 31 - 1))
    socket.once('close', () => clearTimeout(expiry))
    socket.send('{"type":"welcome"}')
    serve(socket, request)
  })
}

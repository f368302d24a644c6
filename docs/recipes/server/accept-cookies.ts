import type { IncomingMessage, Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

/** Lets in users with a session, and only from your own pages: `origins` are those of the pages, whole, such as `https://example.com`. */
export function acceptCookies(
  server: Server,
  origins: ReadonlySet<string>,
  userOf: (session: string) => string | undefined,
  serve: (socket: WebSocket, user: string, request: IncomingMessage) => void,
): void {
  const sockets = new WebSocketServer({
    server,
    path: '/live',
    // Refused before the socket is accepted: somebody else's page need not learn why.
    verifyClient: ({ origin }, answer) => answer(origins.has(origin), 403),
  })

  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate())
    const [, session = ''] = /(?:^|; )__Host-session=([^;]+)/.exec(request.headers.cookie ?? '') ?? []
    const user = userOf(session)
    if (user === undefined) return socket.close(4401, 'session')

    socket.send('{"type":"welcome"}')
    serve(socket, user, request)
  })
}

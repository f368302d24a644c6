import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

/** Issues tickets, and lets users in by them. A ticket is good for one socket, within ten seconds. */
export function acceptTickets(
  server: Server,
  serve: (socket: WebSocket, user: string, request: IncomingMessage) => void,
) {
  const users = new Map<string, string>()
  const sockets = new WebSocketServer({ server, path: '/live' })

  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate())
    const ticket = new URL(request.url ?? '', 'http://localhost').searchParams.get('ticket') ?? ''
    const user = users.get(ticket)
    users.delete(ticket)
    if (user === undefined) return socket.close(4401, 'ticket')

    socket.send('{"type":"welcome"}')
    serve(socket, user, request)
  })

  /** For your route `POST /ticket`: `user` is the one whose session the request has. */
  return function issueTicket(user: string): string {
    const ticket = randomBytes(32).toString('base64url')
    users.set(ticket, user)
    setTimeout(() => users.delete(ticket), 10_000).unref()
    return ticket
  }
}

import type { IncomingMessage, Server } from 'node:http'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

/**
 * Hands over a socket when its first message has proven who it is, and the last id that this message has brought.
 * Until then it gets nothing, and has `patience` ms.
 */
export function acceptSignIns(
  server: Server,
  userOf: (token: unknown) => string | undefined,
  serve: (socket: WebSocket, user: string, request: IncomingMessage, since: string) => void,
  patience = 5000,
): void {
  const sockets = new WebSocketServer({ server, path: '/live', maxPayload: 65_536 })

  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate())
    const deadline = setTimeout(() => socket.close(4408, 'nobody signed in'), patience)
    socket.once('close', () => clearTimeout(deadline))
    socket.once('message', (frame) => {
      clearTimeout(deadline)
      const { token, since } = signInOf(frame)
      const user = userOf(token)
      socket.send(JSON.stringify({ type: 'sign-in', data: { ok: user !== undefined } }))
      if (user === undefined) socket.close(4401, 'token')
      // Publish to those who got here, not to `sockets.clients`, who may be anybody.
      else serve(socket, user, request, typeof since === 'string' ? since : '')
    })
  })
}

/** Of anybody's frame: one that threw here would end the process. */
function signInOf(frame: RawData): { readonly token?: unknown; readonly since?: unknown } {
  try {
    return JSON.parse(`${frame}`).data ?? {}
  } catch {
    return {}
  }
}

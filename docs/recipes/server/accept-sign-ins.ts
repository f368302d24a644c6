import type { IncomingMessage, Server } from 'node:http'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

/**
 * Calls `serve` once the first message of a socket has proven who the user is; `since` is the last id from that message.
 * Until then nothing is sent to the socket. It is closed if no message comes within `patience` milliseconds.
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
      // Publish only to sockets that got here: `sockets.clients` also has those that have not signed in.
      else serve(socket, user, request, typeof since === 'string' ? since : '')
    })
  })
}

/** Reads a frame that anybody may have sent: an error thrown here would end the process. */
function signInOf(frame: RawData): { readonly token?: unknown; readonly since?: unknown } {
  try {
    return JSON.parse(`${frame}`).data ?? {}
  } catch {
    return {}
  }
}

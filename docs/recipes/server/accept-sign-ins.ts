import type { Server } from 'node:http'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

/** Hands over a socket when its first message has proven who it is. Until then it gets nothing, and has `patience` ms. */
export function acceptSignIns(
  server: Server,
  userOf: (token: unknown) => string | undefined,
  serve: (socket: WebSocket, user: string) => void,
  patience = 5000,
): void {
  const sockets = new WebSocketServer({ server, path: '/live', maxPayload: 65_536 })

  sockets.on('connection', (socket) => {
    socket.on('error', () => socket.terminate())
    const deadline = setTimeout(() => socket.close(4408, 'nobody signed in'), patience)
    socket.once('close', () => clearTimeout(deadline))
    socket.once('message', (frame) => {
      clearTimeout(deadline)
      const user = userOf(tokenIn(frame))
      socket.send(JSON.stringify({ type: 'sign-in', data: { ok: user !== undefined } }))
      if (user === undefined) socket.close(4401, 'token')
      // Publish to those who got here, not to `sockets.clients`, who may be anybody.
      else serve(socket, user)
    })
  })
}

/** Of anybody's frame: one that threw here would end the process. */
function tokenIn(frame: RawData): unknown {
  try {
    return JSON.parse(`${frame}`).data.token
  } catch {}
}

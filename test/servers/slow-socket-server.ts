/** A WebSocket server that reads nothing until it is told to, and then as much as comes. */
import { WebSocketServer } from 'ws'
import { until } from '../contract/until.ts'
import { startLiveServer } from './live-server.ts'

export interface SlowSocketServer {
  /** The URL of its WebSocket endpoint. */
  readonly url: string
  /** Bytes of all messages that were read. */
  read(): number
  /** From now on it reads. */
  goOn(): void
  /** Resolves when somebody has connected. */
  connected(): Promise<void>
}

/** `page` is what plain requests are answered with. */
export async function startSlowSocketServer(page = ''): Promise<SlowSocketServer> {
  let bytes = 0
  const { origin, welcomed } = await startLiveServer(
    (server, { welcome }) => {
      const sockets = new WebSocketServer({ server, maxPayload: 0 })
      sockets.on('connection', (socket) => {
        socket.on('error', () => socket.terminate())
        socket.on('message', (frame: Buffer) => {
          bytes += frame.length
        })
        socket.pause()
        welcome(socket)
      })
    },
    (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page),
  )

  return {
    url: `${origin.replace('http', 'ws')}/live`,
    read: () => bytes,
    goOn: () => {
      for (const socket of welcomed) socket.resume()
    },
    connected: async () => void (await until('somebody connects', () => welcomed.length > 0)),
  }
}

/** A real server that can be stopped and started again: what somebody says at `/chat` or `/own` is heard by all at the same path. It also serves what was built. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { answerFile } from '../bundlers/start-greetings.ts'

export interface ChatServer {
  readonly origin: string
  /** How many are connected at a path. */
  open(path: string): number
  /** How many have ever connected at a path. */
  dialled(path: string): number
  /** Says it to all that are connected at a path. */
  say(path: string, text: string): void
  /** Cuts every connection, and listens no more. */
  stop(): Promise<void>
  /** Listens again, on the same port. */
  start(): Promise<void>
}

export async function startChat(folder: string): Promise<ChatServer> {
  const links = new Map<WebSocket, string>()
  const dials: string[] = []
  let server: Server | undefined
  let port = 0
  let said = 0

  function say(path: string, text: string): void {
    said += 1
    const frame = JSON.stringify({ type: 'said', data: { id: said, text } })
    for (const [socket, at] of links) if (at === path) socket.send(frame)
  }

  async function start(): Promise<void> {
    const started = createServer((request, response) => {
      answerFile(folder, new URL(request.url ?? '/', 'http://localhost').pathname, response)
    })
    new WebSocketServer({ server: started }).on('connection', (socket, { url: path = '' }) => {
      dials.push(path)
      links.set(socket, path)
      socket.on('close', () => links.delete(socket))
      socket.on('error', () => socket.terminate())
      socket.on('message', (frame) => say(path, JSON.parse(`${frame}`).data))
    })
    await new Promise<void>((resolve) => started.listen(port, '127.0.0.1', resolve))
    port = (started.address() as AddressInfo).port
    server = started
  }

  async function stop(): Promise<void> {
    const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
    for (const socket of links.keys()) socket.terminate()
    server?.closeAllConnections()
    server = undefined
    await closed
  }

  await start()
  onTestFinished(stop)
  return {
    origin: `http://127.0.0.1:${port}`,
    open: (path) => [...links.values()].filter((at) => at === path).length,
    dialled: (path) => dials.filter((at) => at === path).length,
    say,
    stop,
    start,
  }
}

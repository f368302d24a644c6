/** One real server for one test, to which the docs' recipes for servers are attached. It keeps all that it is asked. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { WebSocket } from 'ws'

export interface LiveServer {
  /** `http:` origin, on a free port of 127.0.0.1. */
  readonly origin: string
  /** The URL of its WebSocket endpoint. */
  readonly url: string
  /** The requests for a WebSocket, oldest first. */
  readonly dials: readonly IncomingMessage[]
  /** Sockets that a recipe has let in, oldest first. */
  readonly welcomed: readonly WebSocket[]
  /** A recipe calls it with each socket that it lets in. */
  readonly welcome: (socket: WebSocket) => void
  /** The texts of all frames of all sockets that were let in. */
  readonly received: readonly string[]
}

/** `attach` attaches a recipe to it; `answer` is for plain requests. */
export async function startLiveServer(
  attach: (server: Server, live: Pick<LiveServer, 'welcome'>) => void,
  answer: RequestListener = (_, response) => response.writeHead(404).end(),
): Promise<LiveServer> {
  const connections = new Set<Socket>()
  const dials: IncomingMessage[] = []
  const welcomed: WebSocket[] = []
  const received: string[] = []
  const welcome = (socket: WebSocket) => {
    welcomed.push(socket)
    socket.on('message', (frame) => received.push(`${frame}`))
  }

  const server = createServer(answer)
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('upgrade', (request) => dials.push(request))
  attach(server, { welcome })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of connections) socket.destroy()
    await closed
  })
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    url: `ws://127.0.0.1:${port}/live`,
    dials,
    welcomed,
    welcome,
    received,
  }
}

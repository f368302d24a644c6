/**
 * A server of pages and links: `/` is a page with the built library, `/away` one without, `/link` a WebSocket or, asked
 * for over HTTP, an event stream. It counts what lives, which is what tells one link from two.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

const script = new URL('../../../dist/holdfast.global.js', import.meta.url)
const home = '<!doctype html><title>home</title><script src="/holdfast.global.js"></script>'
const away = '<!doctype html><title>away</title>'

export interface LiveServer {
  readonly port: number
  /** `http:` origin, with a slash at its end. */
  readonly url: string
  /** The path and query of each request for a link so far, those included that were refused. */
  readonly dials: readonly string[]
  /** Links that are alive now. */
  readonly live: number
  /** Events that came in over WebSockets. */
  readonly received: readonly string[]
  /** Sends one event to every link there is. */
  tell(event: string): void
  /** Cuts every link, and each new one until told otherwise. Pages are served all the while. */
  refuse(): void
  /** Leaves each new link without an answer until told otherwise. */
  hang(): void
  accept(): void
  close(): Promise<void>
}

export interface LiveServerOptions {
  readonly port?: number
  /** Sends the event `tick` to every link so often, in milliseconds. */
  readonly tick?: number
}

/** One link, of either kind. */
interface Peer {
  tell(event: string): void
  readonly socket: Socket
}

export async function startLiveServer({ port = 0, tick }: LiveServerOptions = {}): Promise<LiveServer> {
  const peers = new Set<Peer>()
  const hanging = new Set<Socket>()
  const dials: string[] = []
  const received: string[] = []
  let manner: 'accept' | 'refuse' | 'hang' = 'accept'
  let lastId = 0

  function add(peer: Peer, ended: { once(event: 'close', listener: () => void): unknown }): void {
    peers.add(peer)
    ended.once('close', () => peers.delete(peer))
  }

  function turnAway(socket: Socket): boolean {
    if (manner === 'refuse') socket.destroy()
    if (manner === 'hang') hanging.add(socket)
    return manner !== 'accept'
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '/' } = request
    if (!url.startsWith('/link')) return servePage(url, response)

    dials.push(url)
    if (turnAway(request.socket)) return
    // Chromium may hold on to a connection that it could use again, and the end of a stream would not be seen here.
    const headers = { 'access-control-allow-origin': '*', 'cache-control': 'no-store', connection: 'close' }
    response.writeHead(200, { 'content-type': 'text/event-stream', ...headers })
    // Firefox tells of an answer only with the first byte of its body.
    response.write(':\n\n')
    const id = () => (url.includes('ids') ? `id: ${++lastId}\n` : '')
    add({ tell: (event) => response.write(`${id()}event: ${event}\ndata:\n\n`), socket: request.socket }, response)
  }

  const webSockets = new WebSocketServer({ noServer: true })
  const server = createServer(answer)
  server.on('upgrade', (request, socket, head) => {
    dials.push(request.url ?? '')
    if (turnAway(socket as Socket)) return
    webSockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      const tell = (type: string) => webSocket.send(JSON.stringify({ type }))
      add({ tell, socket: socket as Socket }, webSocket)
      webSocket.on('error', () => socket.destroy())
      webSocket.on('message', (data) => {
        const { type } = JSON.parse(`${data}`)
        received.push(type)
        if (type === 'ping') tell('pong')
      })
    })
  })

  const tellAll = (event: string) => {
    for (const peer of peers) peer.tell(event)
  }
  const ticking = tick && setInterval(tellAll, tick, 'tick')
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: actualPort } = server.address() as AddressInfo

  const liveServer: LiveServer = {
    port: actualPort,
    url: `http://127.0.0.1:${actualPort}/`,
    dials,
    received,
    get live() {
      return peers.size
    },
    tell: tellAll,
    refuse() {
      manner = 'refuse'
      for (const { socket } of peers) socket.destroy()
      for (const socket of hanging) socket.destroy()
    },
    hang() {
      manner = 'hang'
    },
    accept() {
      manner = 'accept'
    },
    async close() {
      clearInterval(ticking)
      liveServer.refuse()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
  return liveServer
}

function servePage(url: string, response: ServerResponse): void {
  if (url === '/holdfast.global.js') {
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(script))
  } else response.writeHead(200, { 'content-type': 'text/html' }).end(url === '/' ? home : away)
}

/**
 * A server of pages and of one stream of numbered messages, over WebSockets and as events. It keeps them all, goes on behind the
 * id that it is told, takes what is sent or posted, and counts the links.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type WebSocket, WebSocketServer } from 'ws'

const library = new URL('../../../dist/holdfast.global.js', import.meta.url)
const home = '<!doctype html><title>home</title><script src="/holdfast.global.js"></script>'

export interface NumberedServer {
  /** Pages that reach it by another host name have storage, locks and channels of their own. */
  readonly url: string
  /** Names of the pages whose links live now. */
  readonly live: readonly string[]
  /** Links so far. */
  readonly dials: number
  /** The longest time, in milliseconds, for which there was more than one link. */
  readonly longestOverlap: number
  /** Milliseconds without any link: from each end of the only one to the next. */
  readonly gaps: readonly number[]
  /** When the newest link came, by `performance.now()`. */
  readonly dialedAt: number
  /** What came in over WebSockets, or was posted. */
  readonly received: readonly unknown[]
  /** The newest number. */
  readonly last: number
  /** Sends the next numbers, until this one. */
  sendUntil(number: number): void
  close(): Promise<void>
}

/** `scripts` are files beside the library, by their paths. */
export async function startNumberedServer(scripts: Readonly<Record<string, string>> = {}): Promise<NumberedServer> {
  const links = new Map<(number: number) => void, string>()
  const received: unknown[] = []
  const gaps: number[] = []
  let last = 0
  let dials = 0
  let emptySince = 0
  let dialedAt = 0
  let doubleSince = 0
  let longestOverlap = 0

  function add(request: IncomingMessage, tell: (number: number) => void): () => void {
    const { searchParams } = new URL(request.url ?? '', 'http://a')
    dials += 1
    dialedAt = performance.now()
    const after = searchParams.get('last') || request.headers['last-event-id']
    for (let number = after ? Number(after) + 1 : last + 1; number <= last; number += 1) tell(number)
    if (!links.size && emptySince) gaps.push(performance.now() - emptySince)
    links.set(tell, searchParams.get('page') ?? '')
    if (links.size === 2) doubleSince = performance.now()
    return () => {
      links.delete(tell)
      if (links.size === 1) longestOverlap = Math.max(longestOverlap, performance.now() - doubleSince)
      if (!links.size) emptySince = performance.now()
    }
  }

  const server = createServer((request, response) => {
    const { url = '/' } = request
    const code = url === '/holdfast.global.js' ? readFileSync(library) : scripts[url]
    if (code !== undefined) {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(code)
    } else if (url === '/dials') response.end(`${dials}`)
    else if (request.method === 'POST') {
      text(request).then((body) => {
        received.push(JSON.parse(body).data)
        response.writeHead(204).end()
      })
    } else if (!url.startsWith('/link')) response.writeHead(200, { 'content-type': 'text/html' }).end(home)
    else {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'close' })
      // Firefox tells of an answer only with the first byte of its body.
      response.write(':\n\n')
      const tell = (number: number) => response.write(`id: ${number}\nevent: n\ndata: ${number}\n\n`)
      request.socket.once('close', add(request, tell))
    }
  })
  const webSockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    webSockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      const tell = (id: number) => webSocket.send(JSON.stringify({ type: 'n', data: id, id }))
      const remove = add(request, tell)
      // Also a connection whose page crashed.
      ;(socket as Socket).once('close', remove)
      webSocket.on('error', () => socket.destroy())
      webSocket.on('message', (data) => received.push(JSON.parse(`${data}`).data))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get live() {
      return [...links.values()]
    },
    get dials() {
      return dials
    },
    get dialedAt() {
      return dialedAt
    },
    get longestOverlap() {
      return longestOverlap
    },
    gaps,
    received,
    get last() {
      return last
    },
    sendUntil(number) {
      while (last < number) {
        last += 1
        for (const tell of links.keys()) tell(last)
      }
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const webSocket of webSockets.clients) webSocket.terminate()
      server.closeAllConnections()
      await closed
    },
  }
}

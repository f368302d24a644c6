/**
 * A server with one stream of numbered messages, `/stream`, as a WebSocket and as an event stream. It grows as time goes, so that a
 * link that was lost has missed something and one that is there hears what is new. Over the WebSocket it also takes posts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { takeOnce } from '../../docs/recipes/server/take-once.ts'
import { seeded } from '../circumstances.ts'
import { type Numbered, numbered } from './numbered-message.ts'

export interface NumberedServerOptions {
  readonly count: number
  /** Messages that come in each millisecond, counted from the first link on. */
  readonly pace: number
  /** A link begins up to so many messages before the one that it asks for. */
  readonly overlap: number
}

export interface NumberedServer {
  readonly port: number
  /** Links that were asked for, of either kind. */
  readonly links: number
  /** What was posted and taken, in the order of taking. */
  readonly taken: readonly Numbered[]
  close(): Promise<void>
}

/** What one kind of link makes of messages. */
interface Reader {
  isFull(): boolean
  write(message: Numbered): void
  /** Sends a sign of life. */
  beat(): void
}

const moreEvery = 10
/** The most messages in one go: enough to catch up, and no more, since what is in the buffers of a link when it is cut was sent for nothing. */
const mostAtOnce = 300
const beatEvery = 20
const mostUnsent = 65_536

export async function startNumberedServer({ count, pace, overlap }: NumberedServerOptions): Promise<NumberedServer> {
  const random = seeded(7)
  const taken: Numbered[] = []
  const takePosts = takeOnce((data) => taken.push(data as Numbered))
  let startedAt: number | undefined
  let links = 0

  /** Feeds a reader. Returns what ends that. */
  function follow(reader: Reader, since: number): () => void {
    links += 1
    startedAt ??= Date.now()
    let last = Math.max(0, since - Math.floor(random() * (overlap + 1)))
    const more = () => {
      const newest = Math.min(count, last + mostAtOnce, Math.floor((Date.now() - (startedAt as number)) * pace))
      for (; last < newest && !reader.isFull(); last += 1) reader.write(numbered(last + 1))
    }
    const growing = setInterval(more, moreEvery)
    const beating = setInterval(() => reader.isFull() || reader.beat(), beatEvery)
    more()
    return () => {
      clearInterval(growing)
      clearInterval(beating)
    }
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = urlOf(request)
    response.setHeader('connection', 'close')
    if (pathname !== '/stream')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>A page</title>')

    // The browser's own reconnect has the newer id in the header.
    const since = request.headers['last-event-id'] ?? searchParams.get('lastEventId') ?? searchParams.get('since')
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write('retry: 20\n\n')
    const end = follow(
      {
        isFull: () => response.writableNeedDrain,
        write: (message) => response.write(`id: ${message.n}\nevent: numbered\ndata: ${JSON.stringify(message)}\n\n`),
        // An event for those who hear no comments, under the id of the one before.
        beat: () => response.write(searchParams.has('events') ? 'event: beat\ndata:\n\n' : ':\n\n'),
      },
      Number(since ?? 0),
    )
    response.on('close', end)
  }

  function serve(socket: WebSocket, request: IncomingMessage): void {
    const since = urlOf(request).searchParams.get('since')
    socket.on('error', () => socket.terminate())
    socket.on('message', (frame) => {
      if (`${frame}` === '{"type":"ping"}') socket.send('{"type":"pong"}')
    })
    if (since === null) {
      links += 1
      return takePosts(socket)
    }
    const end = follow(
      {
        isFull: () => socket.bufferedAmount > mostUnsent,
        write: (data) => socket.send(JSON.stringify({ type: 'numbered', id: data.n, data })),
        // The client probes, and the server answers.
        beat() {},
      },
      Number(since),
    )
    socket.on('close', end)
  }

  const server = createServer(answer)
  const webSockets = new WebSocketServer({ server })
  webSockets.on('connection', serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    port: (server.address() as AddressInfo).port,
    get links() {
      return links
    },
    taken,
    async close() {
      for (const socket of webSockets.clients) socket.terminate()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function urlOf({ url = '' }: IncomingMessage): URL {
  return new URL(url, 'http://localhost')
}

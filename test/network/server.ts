/**
 * The process in the server's namespace: WebSocket and Server-Sent Events, with a page and the built package for Chromium.
 * Every client has a port of its own, since Chromium lets only one WebSocket at a time dial an address. It tells its id in
 * the query; the server keeps a diary for each id.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { type WebSocket, WebSocketServer } from 'ws'
import { serverAddress } from './namespaces.ts'
import { respond } from './questions.ts'

/** Milliseconds between two pings to a WebSocket, which is given up when it was silent for three times as long. */
const pingEvery = 1000
const tickEvery = 500

export interface Arrival {
  readonly number: number
  /** Which of this client's links it came over, counted from 1. */
  readonly link: number
}

export interface ServerReport {
  readonly accepted: number
  /** Links that the server holds for alive. */
  readonly open: number
  /** Links that the server gave up: they were silent, or the same client came back. */
  readonly givenUp: number
  readonly probes: number
  readonly notes: readonly Arrival[]
  /** The id of the stream's last event. */
  readonly produced: number
}

interface Diary {
  accepted: number
  givenUp: number
  probes: number
  produced: number
  readonly open: Set<WebSocket | ServerResponse>
  readonly notes: Arrival[]
}

const diaries = new Map<string, Diary>()

function diaryOf(request: IncomingMessage): { readonly diary: Diary; readonly since: number } {
  const { searchParams } = new URL(request.url ?? '', 'http://server')
  const id = searchParams.get('client') ?? ''
  let diary = diaries.get(id)
  if (!diary) {
    diary = { accepted: 0, givenUp: 0, probes: 0, produced: 0, open: new Set(), notes: [] }
    diaries.set(id, diary)
  }
  diary.accepted += 1
  return { diary, since: Number(searchParams.get('since') ?? diary.produced) }
}

const webSockets = new WebSocketServer({ noServer: true })

webSockets.on('connection', (socket, request) => {
  const { diary } = diaryOf(request)
  const link = diary.accepted
  let heardAt = Date.now()
  const watch = setInterval(() => {
    if (Date.now() - heardAt < 3 * pingEvery) return socket.ping()
    diary.givenUp += 1
    socket.terminate()
  }, pingEvery)

  diary.open.add(socket)
  socket.on('error', () => {})
  socket.on('close', () => {
    clearInterval(watch)
    diary.open.delete(socket)
  })
  socket.on('pong', () => {
    heardAt = Date.now()
  })
  socket.on('message', (frame) => {
    heardAt = Date.now()
    const { type, data } = JSON.parse(String(frame))
    if (type === 'probe') {
      diary.probes += 1
      socket.send('{"type":"alive"}')
    } else {
      diary.notes.push({ number: data.number, link })
      socket.send(JSON.stringify({ type: 'acknowledged', data }))
    }
  })
})

/** Serves numbered events, from behind the id that the client names. An older stream of the same client is given up. */
function stream(request: IncomingMessage, response: ServerResponse): void {
  const { diary, since } = diaryOf(request)
  for (const older of diary.open as Set<ServerResponse>) {
    diary.givenUp += 1
    diary.open.delete(older)
    older.destroy()
  }
  diary.open.add(response)
  response.on('close', () => diary.open.delete(response))
  response.writeHead(200, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' })
  response.flushHeaders()
  for (let id = since + 1; id <= diary.produced; id++) response.write(tick(id))
}

setInterval(() => {
  for (const diary of diaries.values()) {
    diary.produced += 1
    for (const stream of diary.open) if ('writeHead' in stream) stream.write(tick(diary.produced))
  }
}, tickEvery)

function tick(id: number): string {
  return `event: tick\nid: ${id}\ndata: {}\n\n`
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '', 'http://server')
  if (pathname === '/stream') return stream(request, response)
  if (pathname === '/')
    return void response.setHeader('content-type', 'text/html').end('<!doctype html><title>Clients</title>')
  if (!pathname.startsWith('/dist/')) return void response.writeHead(404).end()
  const file = new URL(`../../dist/${basename(pathname)}`, import.meta.url)
  response.setHeader('content-type', 'text/javascript').end(readFileSync(file))
}

respond({
  /** Answers when the port is open. */
  listen: (port: number) =>
    new Promise<void>((resolve, reject) => {
      const server = createServer(serve)
      server.on('upgrade', (request, socket, head) =>
        webSockets.handleUpgrade(request, socket, head, (accepted) => webSockets.emit('connection', accepted, request)),
      )
      server.once('error', reject).listen(port, serverAddress, resolve)
    }),
  report(id: string): ServerReport {
    const diary = diaries.get(id)
    if (!diary) return { accepted: 0, open: 0, givenUp: 0, probes: 0, notes: [], produced: 0 }
    return { ...diary, open: diary.open.size }
  },
})

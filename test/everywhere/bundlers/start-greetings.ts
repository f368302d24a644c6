/** One real server for one test, which greets over a WebSocket and over an event stream, and serves the files of a folder. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { WebSocketServer } from 'ws'
import { type LiveServer, startLiveServer } from '../../servers/live-server.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.map': 'application/json',
}
const greeting = { text: 'hello' }

/** The lines that the page `every` shows of this server, whoever has served the page. */
export const greetings = ['eventsource: hello', 'fetch-stream: hello', 'websocket: hello']

/** Greets at `/live` and `/stream`. Any other path is a file of `folder`, and `/` its `index.html`. */
export function startGreetings(folder?: string): Promise<LiveServer> {
  return startLiveServer(
    (server, { welcome }) => {
      new WebSocketServer({ server, path: '/live' }).on('connection', (socket) => {
        socket.on('error', () => socket.terminate())
        welcome(socket)
        socket.send(JSON.stringify({ type: 'greeting', data: greeting }))
      })
    },
    (request, response) => {
      response.setHeader('access-control-allow-origin', '*')
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      if (pathname !== '/stream') return answerFile(folder, pathname, response)

      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(`event: greeting\ndata: ${JSON.stringify(greeting)}\n\n`)
    },
  )
}

/** A file of `folder`, and for `/` its `index.html`. */
export function answerFile(
  folder: string | undefined,
  pathname: string,
  response: Parameters<RequestListener>[1],
): void {
  const path = folder && join(folder, normalize(pathname === '/' ? '/index.html' : pathname))
  if (!path || !existsSync(path) || !statSync(path).isFile()) return void response.writeHead(404).end()

  response
    .writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' })
    .end(readFileSync(path))
}

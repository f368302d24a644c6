/** Two origins that answer as the cases say, and write down what they are asked. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from '../checks/command.ts'
import { type Answer, type Case, type Response, stream } from './case.ts'

export interface SeenRequest {
  /** Milliseconds on the server's clock. */
  readonly at: number
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** When its answer ended, by whomever. */
  end?: number
  /** The client ended it. */
  released?: true
}

export interface Run {
  readonly url: string
  readonly requests: readonly SeenRequest[]
  readonly preflights: number
}

export interface ScriptedServer {
  /** The origin of the page. */
  readonly origin: string
  /** One client's way through a case; each has a URL of its own. */
  begin(one: Case): Run
  close(): void
}

/** Milliseconds that a chunk is alone on the wire: two that follow at once may be read as one. */
const pause = 3
/** Milliseconds from the last chunk to a cut: what was not read by then is lost with the connection, in Chromium's `fetch` always. */
const longPause = 300

export async function startScriptedServer(): Promise<ScriptedServer> {
  const runs = new Map<string, { readonly answers: readonly Answer[]; requests: SeenRequest[]; preflights: number }>()
  const own = await listen(answer)
  const other = await listen(answer)

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', headers } = request
    // `eventSource` adds an id as query where it has to open a new source.
    const [url = ''] = request.url?.split('?') ?? []
    if (url === '/holdfast.js') return void response.end(readFileSync(join(root, 'dist', 'holdfast.global.js')))
    const run = runs.get(url)
    if (!run)
      return void response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><script src="/holdfast.js"></script>')
    if (method === 'OPTIONS') {
      run.preflights += 1
      return void response.writeHead(204, permit(headers, { 'access-control-allow-headers': 'last-event-id' })).end()
    }

    const seen: SeenRequest = { at: performance.now(), method, headers }
    response.once('close', () => {
      seen.end ??= performance.now()
      if (!response.writableEnded) seen.released = true
    })
    run.requests.push(seen)
    const given = run.answers[run.requests.length - 1]
    if (given === 'drop') return void request.socket.destroy()
    const fallback = { ...stream(), headers: permit(headers, { 'content-type': 'text/event-stream' }) }
    play(given ?? fallback, url, seen, response)
  }

  async function play(given: Response, url: string, seen: SeenRequest, response: ServerResponse): Promise<void> {
    const { status = 200, headers = {}, chunks = [], finish = 'end', redirect, allow, allowCredentials } = given
    const fields = {
      'content-type': 'text/event-stream',
      ...(allow && { 'access-control-allow-origin': allow === 'any' ? '*' : seen.headers.origin }),
      ...(allowCredentials && { 'access-control-allow-credentials': 'true' }),
      ...(redirect && { location: `${redirect === 'own' ? own.origin : other.origin}${url}` }),
      ...headers,
      // Chromium may hold on to a connection that it could use again.
      connection: 'close',
    }
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) response.setHeader(name, value)
    response.writeHead(status).flushHeaders()
    for (const chunk of chunks) {
      await new Promise((resolve) => response.write(chunk, resolve))
      await delay(pause)
    }
    if (finish === 'stay') return
    if (finish === 'cut') await delay(longPause)
    // Noted before the answer is over, since this process may be held up right after it.
    seen.end = performance.now()
    if (finish === 'end') response.end()
    else response.socket?.destroy()
  }

  return {
    origin: own.origin,
    begin({ answers, from = 'own' }) {
      const path = `/run/${runs.size + 1}`
      const run = { answers, requests: [], preflights: 0, url: `${from === 'own' ? own.origin : other.origin}${path}` }
      runs.set(path, run)
      return run
    },
    close() {
      for (const { server } of [own, other]) {
        server.closeAllConnections()
        server.close()
      }
    },
  }
}

/** Lets the origin that asks read the answer. */
function permit({ origin }: IncomingHttpHeaders, fields: Record<string, string>): Record<string, string> {
  if (!origin) return fields
  return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', ...fields }
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; origin: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** Event streams, one path for each circumstance. */
import type { IncomingMessage, ServerResponse } from 'node:http'

interface Dial {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  /** Which dial of its peer this is, counted from 1. */
  readonly number: number
}

const paths: Readonly<Record<string, (dial: Dial) => void>> = {
  /** Sends `frames`, a JSON array; with `end`, the stream ends after them. */
  '/sse/frames'(dial) {
    const { query, response } = dial
    start(dial)
    for (const frame of JSON.parse(query.get('frames') ?? '[]')) response.write(`data: ${frame}\n\n`)
    if (query.has('end')) response.end()
  },
  /**
   * Sends numbers with ids, from the one after `Last-Event-ID` (or after the query's `lastEventId`, or what `param` calls it) up
   * to `n`. Each response is cut after `cut` of them.
   */
  '/sse/numbered'(dial) {
    const { query, request, response } = dial
    const last = Number(request.headers['last-event-id'] ?? query.get(query.get('param') ?? 'lastEventId') ?? 0)
    const n = Number(query.get('n') ?? 10)
    const end = Math.min(n, last + Number(query.get('cut') ?? n))
    start(dial)
    response.write(`retry: ${query.get('retry') ?? 20}\n\n`)
    for (let id = last + 1; id <= end; id += 1) response.write(`id: ${id}\ndata: ${id}\n\n`)
    if (end < n) response.end()
  },
  /** Answers the first `times` dials, or all, with the status `code`; with `hold`, the body does not end. Later dials get a stream. */
  '/sse/status'(dial) {
    const { query, number, response } = dial
    if (number > Number(query.get('times') ?? Infinity)) return start(dial)
    response.writeHead(Number(query.get('code') ?? 500))
    if (query.has('hold')) response.write('no')
    else response.end()
  },
  /** Redirects with the status `code` to a stream with the same query. */
  '/sse/redirect'({ query, response }) {
    response.writeHead(Number(query.get('code') ?? 302), { location: `/sse/frames?${query}` }).end()
  },
  '/sse/wrong-type': ({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in</p>'),
  '/sse/break': ({ request }) => request.socket.destroy(),
  '/sse/hang': () => {},
  /** One event of each of `names`, with its number as data. */
  '/sse/names'(dial) {
    const names = dial.query.get('names')?.split(',') ?? []
    start(dial)
    for (const [index, name] of names.entries()) dial.response.write(`event: ${name}\ndata: ${index + 1}\n\n`)
  },
  /** One event with the cookies that came. */
  '/sse/credentials'(dial) {
    start(dial)
    dial.response.write(`data: ${JSON.stringify(dial.request.headers.cookie ?? '')}\n\n`)
  },
}

export function answerEventStream(path: string, dial: Dial): void {
  const answer = paths[path]
  if (answer) answer(dial)
  else dial.response.writeHead(404).end()
}

function start({ response }: Dial): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
  })
  response.flushHeaders()
}

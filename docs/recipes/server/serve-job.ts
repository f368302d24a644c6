import type { IncomingMessage, ServerResponse } from 'node:http'

/** Numbers the events of one job and keeps them: a client that comes late or comes back gets what it has missed. */
export function serveJob() {
  const frames: string[] = []
  const readers = new Set<ServerResponse>()
  let isDone = false

  function answer({ headers }: IncomingMessage, response: ServerResponse): void {
    const seen = Number(headers['last-event-id'] ?? 0)
    // Nothing more will come: 204 tells a client not to ask again. One over `eventSource` does not see it, and tries again.
    if (isDone && seen >= frames.length) return void response.writeHead(204).end()

    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
    // A comment first: Firefox reports a response only once some of its body has come.
    response.write(`:\n\n${frames.slice(seen).join('')}`)
    if (isDone) return void response.end()

    readers.add(response)
    response.once('close', () => readers.delete(response))
  }

  function tell(event: 'progress' | 'completed', data: object): void {
    const frame = `id: ${frames.length + 1}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
    frames.push(frame)
    isDone = event === 'completed'
    for (const reader of readers) {
      reader.write(frame)
      if (isDone) reader.end()
    }
  }

  return { answer, tell }
}

/** Server-sent events in Node, without a dependency: numbers what it publishes and goes on where a client left off. */
import { createServer } from 'node:http'

const kept = []
const readers = new Set()
let newest = 0

function publish(event, data) {
  newest += 1
  const frame = `id: ${newest}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
  kept.push(frame)
  if (kept.length > 1000) kept.shift()
  for (const response of readers) {
    // A reader that is too slow is disconnected, and comes back with its last id.
    if (response.writableLength > 1_000_000) response.destroy()
    else response.write(frame)
  }
}

const server = createServer((request, response) => {
  const [path, query] = request.url.split('?')
  if (path !== '/events') return response.writeHead(404).end()

  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  })
  // Where the client had to make a new EventSource, the id is in the query. If both have one, that in the header is newer.
  const asked = request.headers['last-event-id'] ?? new URLSearchParams(query).get('lastEventId')
  const last = Number(asked ?? newest) || 0
  const missing = Math.min(kept.length, Math.max(0, newest - last))
  response.write(`retry: 2000\n\n${kept.slice(kept.length - missing).join('')}`)
  readers.add(response)
  // A comment: no event, but a sign of life to proxies and to the client's heartbeat.
  const alive = setInterval(() => response.write(':\n\n'), 15_000)
  response.on('close', () => {
    clearInterval(alive)
    readers.delete(response)
  })
})

setInterval(() => publish('tick', { at: Date.now() }), Number(process.env.EVERY ?? 1000))
server.listen(process.env.PORT ?? 3000, '127.0.0.1', () => console.log(server.address().port))

// Large file: POST bigger than the line carries in openTimeout never gets through and blocks everything behind it, for ever.
import { createServer } from 'node:http'
import { createClient, fetchStream, withUpstream } from 'holdfast'
let tries = 0
const server = createServer((q, s) => {
  if (q.url === '/events') { s.writeHead(200, {'content-type':'text/event-stream'}); s.write(':\n\n'); return }
  tries++; q.resume(); setTimeout(() => s.writeHead(204).end(), 1500)
})
await new Promise(r => server.listen(0,'127.0.0.1',r))
const base = `http://127.0.0.1:${server.address().port}`
const c = createClient(withUpstream(fetchStream(base+'/events'), base+'/up'), { openTimeout: 1000 })
c.onError(e => console.log(e.code, e.message, e.retryable))
c.connect(); await c.opened(); c.send('a', 1)
await new Promise(r => setTimeout(r, 8000)); console.log('tries', tries, 'buffered', c.bufferedAmount); c.close(); server.closeAllConnections(); server.close()

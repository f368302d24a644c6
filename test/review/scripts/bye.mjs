import { createServer } from 'node:http'
import { createClient, fetchStream, webSocket, withUpstream } from 'holdfast'
import { WebSocketServer } from 'ws'
const taken = []
const server = createServer((q, s) => {
  if (q.url === '/events') { s.writeHead(200, {'content-type':'text/event-stream'}); s.write(':\n\n'); return }
  let body=''; q.on('data', d => body += d).on('end', () => { taken.push('POST '+body); s.writeHead(204).end() })
})
new WebSocketServer({ server, path: '/ws' }).on('connection', s => s.on('message', m => taken.push('WS '+m)))
await new Promise(r => server.listen(0,'127.0.0.1',r))
const base = `http://127.0.0.1:${server.address().port}`
for (const t of [webSocket(base+'/ws'), withUpstream(fetchStream(base+'/events'), base+'/up')]) {
  const c = createClient(t); c.onError(e => console.log('onError', e.code, e.message))
  c.connect(); await c.opened()
  console.log(c.state.transport, 'send:', c.send('leave', {room: 1})); c.close()
  await new Promise(r => setTimeout(r, 300)); console.log('server has', taken.splice(0))
}
server.closeAllConnections(); server.close()

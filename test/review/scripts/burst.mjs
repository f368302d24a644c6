// A fast consumer with the defaults, and a server that replays a backlog of 5,000 small events at once.
import { createServer } from 'node:http'
import { createClient, fetchStream, webSocket } from 'holdfast'
import { readEvents } from 'holdfast/sse'
import { WebSocketServer } from 'ws'
const server = createServer((q, s) => {
  s.writeHead(200, {'content-type':'text/event-stream'})
  s.write(Array.from({length: 5000}, (_, i) => `id: ${i+1}\ndata: {"t":"a"}\n\n`).join(''))
})
new WebSocketServer({ server, path: '/ws' }).on('connection', s => { s._socket.cork(); for (let i=0;i<5000;i++) s.send('{"type":"message","data":{"t":"a"}}'); s._socket.uncork() })
await new Promise(r => server.listen(0,'127.0.0.1',r))
const base = `http://127.0.0.1:${server.address().port}`
for (const t of [fetchStream(base+'/events'), webSocket(base+'/ws')]) {
  const c = createClient(t); let n = 0
  const loop = (async () => { for await (const m of c.events('message')) if (++n === 5000) break })()
  c.connect()
  try { await Promise.race([loop, new Promise((_, r) => setTimeout(r, 3000, new Error('stuck')))]); console.log(t.name, 'got', n) } catch (e) { console.log(t.name, 'got', n, 'then', e.code, e.message) }
  c.close()
}
let n = 0; for await (const e of readEvents(await fetch(base+'/events'))) if (++n === 5000) break
console.log('readEvents got', n)
server.closeAllConnections(); server.close()

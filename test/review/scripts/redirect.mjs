// POST answered with a redirect to a sign-in page (200): is the message told to be lost?
import { createServer } from 'node:http'
import { createClient, fetchStream, withUpstream } from 'holdfast'
const taken = []
let conns = 0
const server = createServer((q, s) => {
  if (q.url === '/events') { s.writeHead(200, {'content-type':'text/event-stream'}); s.write(':\n\n'); return }
  let body=''; q.on('data', d => body += d).on('end', () => {
    if (q.url === '/up' ) { s.writeHead(302, {location:'/login'}).end(); return }
    if (q.url === '/login') { console.log('login page asked with', q.method, JSON.stringify(body), Object.keys(q.headers).includes('idempotency-key')); s.writeHead(200, {'content-type':'text/html'}).end('<h1>Sign in</h1>'); return }
    if (q.url === '/json') { taken.push(body); s.writeHead(200, {'content-type':'application/json'}).end(JSON.stringify({ok:true, pad: 'x'.repeat(+process.env.PAD||0)})); return }
    taken.push(body); s.writeHead(204).end()
  })
})
server.on('connection', () => conns++)
await new Promise(r => server.listen(0,'127.0.0.1',r))
const base = `http://127.0.0.1:${server.address().port}`
process.on('unhandledRejection', e => console.log('UNHANDLED', e))
for (const path of ['/up','/json','/plain']) {
  conns = 0; taken.length = 0
  const c = createClient(withUpstream(fetchStream(base+'/events'), base+path))
  const errors=[]; c.onError(e => errors.push(e.code+':'+e.message))
  c.connect(); await c.opened()
  for (let i=0;i<20;i++) c.send('say', {i})
  await c.drained()
  console.log(path, 'taken', taken.length, 'errors', errors, 'connections', conns)
  c.close()
}
server.closeAllConnections(); server.close()

import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { WebSocketServer } from 'ws'
const { chromium } = createRequire('/tmp/wt-review/package.json')('playwright-core')
const taken = []
const server = createServer((q, s) => {
  if (q.url === '/') return s.writeHead(200, {'content-type':'text/html'}).end('<!doctype html><title>x</title>')
  if (q.url.startsWith('/d/')) return s.writeHead(200, {'content-type':'text/javascript'}).end(readFileSync('/tmp/rv-pkg/app/node_modules/holdfast/dist/' + q.url.slice(3)))
  if (q.url === '/quiet') { s.writeHead(200, {'content-type':'text/event-stream'}); s.write(':\n\n'); return }
  if (q.url === '/up') { s.writeHead(302, {location:'/login'}).end(); return }
  if (q.url === '/login') { s.writeHead(200, {'content-type':'text/html'}).end('<h1>Sign in</h1>'); return }
  if (q.url === '/take') { let b=''; q.on('data', d => b+=d).on('end', () => { taken.push(b); s.writeHead(204).end() }); return }
  if (q.url !== '/events') return s.writeHead(404).end()
  s.writeHead(200, {'content-type':'text/event-stream'})
  s.write(Array.from({length: 5000}, (_, i) => `id: ${i+1}\ndata: {"t":"a"}\n\n`).join(''))
})
new WebSocketServer({ server, path: '/ws' }).on('connection', s => { s._socket.cork(); for (let i=0;i<5000;i++) s.send('{"type":"message","data":{"t":"a"}}'); s._socket.uncork() })
await new Promise(r => server.listen(0,'127.0.0.1',r))
const base = `http://127.0.0.1:${server.address().port}/`
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu'] }).catch(() => chromium.launch({ args: ['--no-sandbox'] }))
const page = await browser.newPage(); page.on('pageerror', e => console.log('PAGEERROR', e.message))
await page.goto(base)
console.log(await page.evaluate(async () => {
  const { createClient, fetchStream, webSocket, eventSource, withUpstream } = await import('/d/index.js')
  const out = []
  for (const t of [fetchStream('/events'), eventSource('/events'), webSocket('/ws')]) {
    const c = createClient(t); let n = 0
    const loop = (async () => { for await (const m of c.events('message')) if (++n === 5000) break })()
    c.connect()
    try { await Promise.race([loop, new Promise((_, r) => setTimeout(r, 3000, new Error('stuck')))]); out.push(`${t.name} got ${n}`) } catch (e) { out.push(`${t.name} got ${n} then ${e.code} ${e.message}`) }
    c.close()
  }
  const c = createClient(withUpstream(fetchStream('/quiet'), '/up')); const errors = []; c.onError(e => errors.push(e.code))
  c.connect(); await c.opened(); for (let i=0;i<5;i++) c.send('say', i); await c.drained(); c.close()
  out.push(`redirected POSTs: errors ${JSON.stringify(errors)}`)
  const d = createClient(withUpstream(fetchStream('/quiet'), '/take')); d.onError(e => errors.push(e.code))
  d.connect(); await d.opened(); out.push('bye: ' + d.send('bye')); d.close(); await new Promise(r => setTimeout(r, 300)); out.push(`errors ${JSON.stringify(errors)}`)
  return out.join('\n')
}))
console.log('server took', taken)
await browser.close(); server.closeAllConnections(); server.close()

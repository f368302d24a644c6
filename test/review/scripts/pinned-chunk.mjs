// Types/behaviours by built package: schemas with valibot payload in cause; retention of chunk by emitter's lastKey.
import { createClient, fetchStream } from 'holdfast'
import v8 from 'node:v8'
const mem = () => { for (let i=0;i<5;i++) globalThis.gc(); return process.memoryUsage().heapUsed }
const te = new TextEncoder()
const clients = []
const before = mem()
for (let i = 0; i < 20; i++) {
  let ctl
  const stream = new ReadableStream({ start(c) { ctl = c } })
  const c = createClient(fetchStream('http://a/x', { fetch: async () => new Response(stream, { headers: {'content-type':'text/event-stream'} }) }))
  c.on(process.env.NAME ?? 'a-rather-long-event-name', () => {})
  c.connect(); await c.opened()
  ctl.enqueue(te.encode(':' + 'y'.repeat(1_000_000) + `\nevent: ${process.env.NAME ?? 'a-rather-long-event-name'}\ndata: 1\n\n`))
  await new Promise(r => setTimeout(r, 20))
  // later traffic does not matter
  for (let k=0;k<3;k++) { ctl.enqueue(te.encode(`event: ${process.env.NAME ?? 'a-rather-long-event-name'}\ndata: 1\n\n`)); await new Promise(r => setTimeout(r, 2)) }
  clients.push([c, ctl])
}
console.log('kept per client kB', Math.round((mem() - before) / 20 / 1024))

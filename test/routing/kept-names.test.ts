import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createClient } from '../../src/client.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

test('[SS5] the name that was dispatched last does not pin the chunk that it was cut from', async () => {
  const heap = () => {
    gc()
    return process.memoryUsage().heapUsed
  }
  const clients: unknown[] = []
  const before = heap()
  for (let n = 0; n < 20; n += 1) {
    let stream: ReadableStreamDefaultController | undefined
    const body = new ReadableStream({
      start(controller) {
        stream = controller
      },
    })
    const answer = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    const client = createClient(fetchStream('https://example.org/', { fetch: answer as never }))
    let heard = () => {}
    client.on('a-name-of-some-length', () => heard())
    client.connect()
    await client.opened()
    const say = async (text: string) => {
      const told = new Promise<void>((resolve) => {
        heard = resolve
      })
      stream?.enqueue(new TextEncoder().encode(`${text}event: a-name-of-some-length\ndata: 1\n\n`))
      await told
    }
    await say(`:${'y'.repeat(1_000_000)}\n`)
    await say('')
    await say('')
    clients.push(client)
  }
  const kept = (heap() - before) / clients.length
  for (const client of clients) (client as { close(): void }).close()

  expect(kept).toBeLessThan(500_000)
}, 20_000)

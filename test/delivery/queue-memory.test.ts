import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createClient, type QueueOptions, text } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { givenOpen } from '../circumstances.ts'
import { countingTransport } from './counting-transport.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void

const timeout = 120_000
const million = 1_000_000
/** What a heap moves by for other reasons. A million messages of these would be some 200 MB. */
const steady = 3 * 2 ** 20

function givenQueue(queue: QueueOptions) {
  const transport = countingTransport()
  const environment = fakeEnvironment()
  const client = createClient(transport, { codec: text(), environment, queue, openTimeout: 1e12 })
  return { transport, environment, client }
}

type Given = ReturnType<typeof givenQueue>

const ways: readonly (readonly [string, QueueOptions, number, (given: Given) => void | Promise<void>])[] = [
  [
    'are dropped to make room',
    { maxMessages: 256, whenFull: 'drop-oldest' },
    10_000,
    ({ client }) => send(client, 10_000),
  ],
  [
    'are queued, and go out on a link',
    { maxMessages: 10_000 },
    10_000,
    ({ client, transport }) => {
      client.reconnect()
      send(client, 10_000)
      transport.newest.opened()
    },
  ],
  [
    'expire',
    { maxMessages: 10_000 },
    10_000,
    async ({ client, environment }) => {
      send(client, 10_000, 100)
      await environment.advance(100)
    },
  ],
]

test.each(ways)(
  '[SQ1][SQ3] of a million messages that %s, nothing is kept',
  { timeout },
  async (what, queue, portion, act) => {
    const given = givenQueue(queue)
    given.client.connect()
    await act(given)
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    let held = 0
    for (let passed = portion; passed <= million; passed += portion) {
      await act(given)
      if (passed % (million / 4)) continue
      collectGarbage()
      held = Math.max(held, process.memoryUsage().heapUsed - before)
    }
    console.log(`[queue] a million messages that ${what}: the heap grew by ${(held / 2 ** 20).toFixed(2)} MB at most`)

    expect(held).toBeLessThan(steady)
    given.client.close()
  },
)

test('[SQ1] what has left the queue keeps none of those after it from the quick collection', () => {
  const { client } = givenQueue({ maxMessages: 256, whenFull: 'drop-oldest' })
  const growth = () => {
    send(client, 256)
    // By now they are in old memory, where only a full collection looks for what is dead.
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    for (let round = 0; round < 50; round += 1) {
      send(client, 2000)
      collectGarbage({ type: 'minor' })
    }
    return process.memoryUsage().heapUsed - before
  }

  // Held one by the other they would be some 16 MB, every time. What else the process does only adds, and not every time.
  expect(Math.min(growth(), growth(), growth())).toBeLessThan(steady)
})

test('[SQ5][CN14] a million looks at one link leave nothing', { timeout }, async () => {
  const { client, environment, transport } = givenQueue({})
  client.connect()
  transport.newest.opened()
  const { held } = environment
  const round = async () => {
    for (let asked = 0; asked < 10_000; asked += 1) await client.drained()
  }
  await round()
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  for (let rounds = 0; rounds < 20; rounds += 1) await round()
  collectGarbage()

  expect(process.memoryUsage().heapUsed - before).toBeLessThan(steady)
  expect(environment.held).toBe(held)
})

/** Node forgets the signals that listeners were added with: https://github.com/nodejs/node/issues/63954 */
test('[SQ5] a signal that many share holds nothing of those that have settled, whatever was collected meanwhile', async () => {
  const { client, environment } = givenQueue({})
  const { signal } = new AbortController()
  client.send('message', 'x', { ttl: 100 })
  client.connect()
  const waiting = Array.from({ length: 100 }, () => client.drained({ signal }))
  await environment.advance(0)
  collectGarbage()
  client.close()
  await Promise.allSettled(waiting)

  expect(getEventListeners(signal, 'abort')).toEqual([])
})

/** For the same reason. */
test('[CN2] a signal that many clients share holds nothing of those that were closed, whatever was collected meanwhile', async () => {
  const { signal } = new AbortController()
  const all = Array.from({ length: 100 }, () => givenOpen({ signal }))
  await all[0]?.environment.advance(0)
  collectGarbage()
  for (const { client } of all) client.close()

  expect(getEventListeners(signal, 'abort')).toEqual([])
})

function send(client: Given['client'], count: number, ttl?: number): void {
  for (let sent = 0; sent < count; sent += 1) client.send('message', `message ${sent}`, { ttl })
}

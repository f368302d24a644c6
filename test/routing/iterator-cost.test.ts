import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { IterateOptions } from '../../src/index.ts'
import { givenOpen } from '../circumstances.ts'
import { growth, linear } from '../sse/growth.ts'
import { settled } from './reading.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const timeout = 60_000
const megabyte = 2 ** 20

/** A client whose messages are numbers. */
function givenNumbers(options?: IterateOptions) {
  let data = 0
  const codec = { decode: () => ({ event: 'a', data: data++ }), encode: () => '' }
  const all = givenOpen({ codec })
  const link = all.link()
  const iterator: AsyncIterableIterator<number> = all.client.events('a', options)
  const receive = (count: number) => {
    for (let received = 0; received < count; received += 1) link.receive('')
  }
  return { ...all, iterator, receive }
}

/** Keeps so many, and then reads them all. Returns the last. */
async function keepAndRead(count: number, options: IterateOptions): Promise<number> {
  const { client, iterator, receive } = givenNumbers(options)
  receive(count)
  client.close()
  let last = -1
  for await (const data of iterator) last = data
  return last
}

test('[RT6] 100,000 messages that are kept and then read take linear time', { timeout }, async () => {
  const options = { limit: Infinity }

  expect(await keepAndRead(100_000, options)).toBe(99_999)
  expect(await growth((count) => keepAndRead(count, options), 100_000)).toBeLessThan(linear)
})

test('[RT6] 100,000 messages through half as many places that are full take linear time', { timeout }, async () => {
  const half = (count: number) => keepAndRead(count, { limit: count / 2, whenFull: 'drop-oldest' })

  expect(await half(100_000)).toBe(99_999)
  expect(await growth(half, 100_000)).toBeLessThan(linear)
})

test('[RT6] 100,000 messages that are read while as many are kept take linear time', { timeout }, async () => {
  const readBehind = async (count: number) => {
    const { client, iterator, receive } = givenNumbers({ limit: Infinity })
    receive(count)
    for (let read = 0; read < count; read += 1) {
      receive(1)
      if ((await iterator.next()).value !== read) throw new Error(`${read} did not come.`)
    }
    client.close()
  }

  expect(await growth(readBehind, 100_000)).toBeLessThan(linear)
})

test('[RT6] 100,000 calls of next that wait take linear time', { timeout }, async () => {
  const waitFirst = async (count: number) => {
    const { client, iterator, receive } = givenNumbers()
    const calls = Array.from({ length: count }, () => iterator.next())
    receive(count)
    const results = await Promise.all(calls)
    client.close()
    if (results.at(-1)?.value !== count - 1) throw new Error('The last did not come.')
  }

  expect(await growth(waitFirst, 100_000)).toBeLessThan(linear)
})

test('[RT6] a million messages that pass through leave the memory where it was', { timeout }, async () => {
  const { client, iterator, receive } = givenNumbers()
  const pass = async (count: number) => {
    for (let passed = 0; passed < count; passed += 500) {
      receive(500)
      for (let read = 0; read < 500; read += 1) await iterator.next()
    }
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  const before = await pass(100_000)
  const grown = (await pass(1_000_000)) - before
  client.close()

  console.log(`[iterator] heap grown by ${Math.round(grown / 1024)} kB over a million messages`)
  expect(grown).toBeLessThan(megabyte)
})

test('[RT6] a million messages for a loop that hangs cost what it may keep', { timeout }, async () => {
  const { client, receive } = givenNumbers({ limit: 1000, whenFull: 'drop-oldest' })
  receive(100_000)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  receive(1_000_000)
  collectGarbage()
  const grown = process.memoryUsage().heapUsed - before
  client.close()

  expect(grown).toBeLessThan(megabyte)
})

test('[RT6] 10,000 iterators that come and go leave the memory where it was', { timeout }, async () => {
  const { client, receive } = givenNumbers()
  const controller = new AbortController()
  const comeAndGo = async (count: number) => {
    for (let made = 0; made < count; made += 1) {
      const iterator = client.events('b', { signal: controller.signal })
      void iterator.next()
      await iterator.return?.()
    }
    receive(1)
    // What a promise job has looked at through a weak reference lives until it is over.
    await settled()
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  const before = await comeAndGo(2000)
  const grown = (await comeAndGo(10_000)) - before
  client.close()

  expect(grown).toBeLessThan(megabyte)
})

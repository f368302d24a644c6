import { expect, test } from 'vitest'
import { createClient, type QueueOptions, text } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { growth, linear } from '../sse/growth.ts'
import { countingTransport } from './counting-transport.ts'

const timeout = 120_000

function givenQueue(queue: QueueOptions) {
  const transport = countingTransport()
  const environment = fakeEnvironment()
  return { transport, environment, client: createClient(transport, { codec: text(), environment, queue }) }
}

/** Milliseconds of this thread's processor time for each message that takes the place of another, once the queue is full. */
function costOfRoom(maxMessages: number, messages: number): number {
  const { client } = givenQueue({ maxMessages, whenFull: 'drop-oldest' })
  for (let sent = 0; sent < maxMessages; sent += 1) client.send('message', 'x')
  const before = process.threadCpuUsage()
  for (let sent = 0; sent < messages; sent += 1) client.send('message', 'x')
  const { user, system } = process.threadCpuUsage(before)
  client.close()
  return (user + system) / 1000 / messages
}

test('[SQ1] making room costs the same per message in a queue of 100,000 as in one of 1,000', { timeout }, () => {
  let least = Infinity
  for (let round = 0; round < 4 && least >= linear; round += 1) {
    const small = costOfRoom(1000, 50_000)
    const large = costOfRoom(100_000, 50_000)
    least = Math.min(least, large / small)
    console.log(`[queue] making room: ${us(small)} µs a message in a queue of 1,000, ${us(large)} µs in one of 100,000`)
  }

  // What walks past the others comes to about 100.
  expect(least).toBeLessThan(linear)
})

test('[SQ2] a queue of 100,000 goes out in the time of 16 sixteenths', { timeout }, async () => {
  const flush = async (messages: number) => {
    const { client, transport } = givenQueue({ maxMessages: messages })
    for (let sent = 0; sent < messages; sent += 1) client.send('message', 'x')
    client.connect()
    transport.newest.opened()
    expect(transport.taken).toBe(messages)
    client.close()
  }

  expect(await growth(flush, 100_000)).toBeLessThan(linear)
})

test('[SQ4] a queue of 100,000 is emptied in the time of 16 sixteenths', { timeout }, async () => {
  const empty = async (messages: number) => {
    const { client } = givenQueue({ maxMessages: messages })
    for (let sent = 0; sent < messages; sent += 1) client.send('message', 'x')
    client.close()
    expect(client.bufferedAmount).toBe(0)
  }

  expect(await growth(empty, 100_000)).toBeLessThan(linear)
})

test('[SQ3] messages with one ttl that come one by one and expire one by one stay linear', { timeout }, async () => {
  const expire = async (messages: number) => {
    const { client, environment } = givenQueue({ maxMessages: messages })
    let told = 0
    client.onError(() => {
      told += 1
    })
    for (let sent = 0; sent < messages; sent += 1) client.send('message', 'x', { ttl: 1000 })
    await environment.advance(1000)
    expect(told).toBe(messages)
  }

  expect(await growth(expire, 50_000)).toBeLessThan(linear)
})

function us(milliseconds: number): string {
  return (1000 * milliseconds).toFixed(1)
}

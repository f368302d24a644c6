import { describe, expect, test } from 'vitest'
import { RealtimeError, text } from '../../src/index.ts'
import {
  codeThrownBy,
  given,
  givenConnecting,
  givenOpen,
  givenRaw,
  givenSuspended,
  givenWaiting,
  payloads,
} from '../circumstances.ts'

/** The page is offline, and the client rests. */
function givenOffline(options: Parameters<typeof given>[0] = {}) {
  const all = givenWaiting(options)
  all.environment.setOnline(false)
  return all
}

const notOpen = [
  ['idle', given],
  ['connecting', givenConnecting],
  ['waiting', givenWaiting],
  ['suspended', givenSuspended],
  ['offline', givenOffline],
] as const

/** Nothing but the queue moves by itself: no attempt ends, and none follows. */
const still = { openTimeout: 1e9, reconnect: { minDelay: 1e9, maxDelay: 1e9 } }

describe.each(notOpen)('while %s', (_, circumstance) => {
  test('[SQ3] a message past its ttl is dropped, told once as expired, and not before', async () => {
    const { client, environment, link, told } = circumstance(still)
    const before = told.errors.length
    expect(client.send('note', 1, { ttl: 100 })).toBe('queued')
    await environment.advance(99)
    expect(told.codes.slice(before)).toEqual([])
    expect(client.bufferedAmount).toBeGreaterThan(0)
    await environment.advance(1)
    expect(told.codes.slice(before)).toEqual(['expired'])
    expect(client.bufferedAmount).toBe(0)
    await environment.advance(10_000)

    expect(told.codes.slice(before)).toEqual(['expired'])
    client.reconnect()
    link().open()
    expect(link().sent).toEqual([])
  })

  test('[SQ3] close() leaves no timer', () => {
    const { client, environment } = circumstance(still)
    client.send('note', 1, { ttl: 100 })
    client.close()

    expect(environment.held).toBe(0)
  })
})

test('[SQ3] messages with several ttl go one by one, each at its time, in whatever order they were sent', async () => {
  const { client, link, environment, told } = givenConnecting(still)
  const start = environment.now()
  const times: number[] = []
  client.onError(() => times.push(environment.now() - start))
  for (const ttl of [300, 100, 200, 100, 400]) client.send('note', ttl, { ttl })
  client.send('note', 'stays')
  await environment.advance(350)

  expect(times).toEqual([100, 100, 200, 300])
  expect(told.codes).toEqual(['expired', 'expired', 'expired', 'expired'])
  link().open()
  expect(payloads(link().sent)).toEqual([400, 'stays'])
})

test('[SQ3] one timer serves them all', () => {
  const { client, environment } = given()
  for (let ttl = 100; ttl > 0; ttl -= 1) client.send('note', ttl, { ttl })
  for (let ttl = 1; ttl < 100; ttl += 1) client.send('note', ttl, { ttl })

  expect(environment.held).toBe(1)
})

test('[SQ3] without a ttl there is no timer, and no end', async () => {
  const { client, environment, link } = given()
  client.send('note', 1)
  client.send('note', 2, { ttl: Infinity })
  client.send('note', 3, { ttl: undefined })
  client.send('note', 4, {})
  expect(environment.held).toBe(0)
  await environment.advance(1e12)
  client.connect()
  link().open()

  expect(payloads(link().sent)).toEqual([1, 2, 3, 4])
})

test('[SQ3] what goes out in time does, and is not told of later', async () => {
  const { client, environment, link, told } = givenConnecting()
  client.send('note', 1, { ttl: 100 })
  await environment.advance(99)
  link().open()
  await environment.advance(1000)

  expect(payloads(link().sent)).toEqual([1])
  expect(told.errors).toEqual([])
})

test('[SQ3] the timer of what has gone out does no harm to what came after it', async () => {
  const { client, environment, link, told } = givenConnecting()
  client.send('note', 1, { ttl: 100 })
  link().open()
  client.reconnect()
  client.send('note', 2, { ttl: 300 })
  await environment.advance(299)
  expect(told.errors).toEqual([])
  await environment.advance(1)

  expect(told.codes).toEqual(['expired'])
})

test('[SQ3] while open the ttl is of no account', () => {
  const { client, link, environment, told } = givenOpen()
  const { held } = environment

  expect(client.send('note', 1, { ttl: 0 })).toBe('sent')
  expect(payloads(link().sent)).toEqual([1])
  expect(told.errors).toEqual([])
  expect(environment.held).toBe(held)
})

test('[SQ3] a ttl of 0 is over at once while not open', () => {
  const { client, link, told } = givenConnecting()
  client.send('note', 1, { ttl: 0 })

  expect(told.codes).toEqual(['expired'])
  expect(client.bufferedAmount).toBe(0)
  link().open()
  expect(link().sent).toEqual([])
})

test('[SQ3] an expired message gives its room back', async () => {
  const { client, environment, link } = given({ codec: text(), queue: { maxBytes: 3 } })
  client.send('message', 'abc', { ttl: 100 })
  expect(codeThrownBy(() => client.send('message', 'd'))).toBe('queue-full')
  await environment.advance(100)

  expect(client.send('message', 'def')).toBe('queued')
  client.connect()
  link().open()
  expect(link().sent).toEqual(['def'])
})

test('[SQ3] a message that made no room for itself leaves no timer', () => {
  const { client, environment } = given({ queue: { maxMessages: 1 } })
  client.send('note', 1)
  codeThrownBy(() => client.send('note', 2, { ttl: 100 }))

  expect(environment.held).toBe(0)
})

test('[SQ3] what was dropped to make room does not expire as well', async () => {
  const { client, environment, told } = given({ queue: { maxMessages: 1, whenFull: 'drop-oldest' } })
  client.send('note', 1, { ttl: 100 })
  client.send('note', 2)
  await environment.advance(200)

  expect(told.codes).toEqual(['queue-full'])
})

test('[SQ3] what a link refuses for a moment while open still has its ttl', async () => {
  const { client, link, environment, told } = givenRaw({
    send() {
      throw new RealtimeError('not-open')
    },
  })
  client.connect()
  link().observer.opened()

  expect(client.send('note', 1, { ttl: 100 })).toBe('queued')
  await environment.advance(100)
  expect(told.codes).toEqual(['expired'])
})

test('[SQ3] the error says nothing of the message, and does not concern the link', async () => {
  const { client, environment, told } = given()
  client.send('secret', 'secret', { ttl: 1 })
  await environment.advance(1)

  expect(told.errors).toMatchObject([{ code: 'expired', retryable: false }])
  expect(`${told.errors[0]?.message} ${JSON.stringify(told.errors[0])}`).not.toContain('secret')
  expect(client.state.status).toBe('idle')
})

test.each([-1, Number.NaN, -Infinity])('[SQ3] a ttl of %d throws, and nothing is sent or kept', (ttl) => {
  expect(refusals(ttl)).toEqual(['invalid-config', 'invalid-config'])
})

test.each(['soon', {}])('[SQ3] a ttl that is %j throws, and nothing is sent or kept', (ttl) => {
  expect(refusals(ttl)).toEqual(['invalid-config', 'invalid-config'])
})

// What compares as a number.
test.each(['5', '', null, true, [5]])('[SQ3] a ttl that is %j throws, and nothing is sent or kept', (ttl) => {
  expect(refusals(ttl)).toEqual(['invalid-config', 'invalid-config'])
})

/** What is thrown for it, open and not, where nothing has come of it. */
function refusals(ttl: unknown): unknown[] {
  return [givenOpen, givenConnecting].map((circumstance) => {
    const { client, link } = circumstance()
    const thrown = codeThrownBy(() => client.send('note', 1, { ttl } as never))
    return client.bufferedAmount + link().sent.length ? 'something came of it' : thrown
  })
}

import { expect, test } from 'vitest'
import { RealtimeError, text } from '../../src/index.ts'
import { fakeTransport } from '../../src/testing/index.ts'
import {
  codeThrownBy,
  given,
  givenConnecting,
  givenFailed,
  givenOpen,
  givenRaw,
  givenSuspended,
  givenWaiting,
  newest,
  over,
  payloads,
} from '../circumstances.ts'

/** The most bytes that may wait to go out: with more, what is volatile is dropped. */
const limit = 65_536

const volatile = { volatile: true }

test('[SQ3] what is volatile goes out at once while open', () => {
  const { client, link } = givenOpen()

  expect(client.send('cursor', 1, volatile)).toBe('sent')
  expect(payloads(link().sent)).toEqual([1])
})

test.each([
  ['idle', given],
  ['connecting', givenConnecting],
  ['waiting', givenWaiting],
  ['suspended', givenSuspended],
  ['closed by a failure', givenFailed],
] as const)('[SQ3] what is volatile is dropped while %s, without a word, and never queued', (_, circumstance) => {
  const { client, link, told } = circumstance()
  const before = told.errors.length

  expect(client.send('cursor', 1, volatile)).toBe('dropped')
  expect(client.bufferedAmount).toBe(0)
  client.reconnect()
  link().open()
  expect(link().sent).toEqual([])
  expect(told.errors).toHaveLength(before)
})

test('[SQ3] what is volatile is dropped after close()', () => {
  const { client } = givenOpen()
  client.close()

  expect(client.send('cursor', 1, volatile)).toBe('dropped')
})

test('[SQ3] what is volatile is dropped, and throws nothing, with the queue off', () => {
  const { client } = givenConnecting({ queue: false })

  expect(client.send('cursor', 1, volatile)).toBe('dropped')
})

test('[SQ3] what is volatile is dropped, and throws nothing, where the queue is full', () => {
  const { client, told } = givenConnecting({ queue: { maxMessages: 1, whenFull: 'drop-oldest' } })
  client.send('note', 1)

  expect(client.send('cursor', 1, volatile)).toBe('dropped')
  expect(told.errors).toEqual([])
})

test.each([
  [limit - 1, 'sent'],
  [limit, 'sent'],
  [limit + 1, 'dropped'],
])('[SQ3] while %i bytes wait on the link, what is volatile is %s', (waiting, answer) => {
  const { client, link } = givenOpen()
  link().bufferedAmount = waiting

  expect(client.send('cursor', 1, volatile)).toBe(answer)
  expect(link().sent).toHaveLength(answer === 'sent' ? 1 : 0)
})

test('[SQ3] while much waits, what is not volatile goes out all the same', () => {
  const { client, link } = givenOpen()
  link().bufferedAmount = 100 * limit

  expect(client.send('note', 1)).toBe('sent')
  expect(client.send('note', 2, { volatile: false })).toBe('sent')
  expect(payloads(link().sent)).toEqual([1, 2])
})

test('[SQ3] when the link has caught up, what is volatile goes out again', () => {
  const { client, link } = givenOpen()
  link().bufferedAmount = limit + 1
  client.send('cursor', 1, volatile)
  link().bufferedAmount = 0
  client.send('cursor', 2, volatile)

  expect(payloads(link().sent)).toEqual([2])
})

test('[SQ3] a size of its own does not matter', () => {
  const { client, link } = givenOpen({ codec: text() })

  expect(client.send('message', 'x'.repeat(2 * limit), volatile)).toBe('sent')
  expect(link().sent).toHaveLength(1)
})

test('[SQ3] what is volatile goes after what was queued before it', () => {
  const { client, link } = givenConnecting()
  client.send('note', 1)
  client.send('cursor', 2, volatile)
  client.onState(({ status }) => {
    if (status === 'open') client.send('cursor', 3, volatile)
  })
  client.send('note', 4)
  link().open()

  expect(payloads(link().sent)).toEqual([1, 4, 3])
})

test('[SQ3][SQ2] what a link refuses for a moment is dropped if it is volatile, and does not overtake what is not', () => {
  let refuses = true
  const { client, link } = givenRaw({
    send() {
      if (refuses) throw new RealtimeError('not-open')
    },
  })
  client.connect()
  link().observer.opened()

  expect(client.send('cursor', 1, volatile)).toBe('dropped')
  expect(client.bufferedAmount).toBe(0)
  client.send('note', 2)
  expect(client.send('cursor', 3, volatile)).toBe('dropped')
  refuses = false
  expect(client.send('cursor', 4, volatile)).toBe('sent')
  expect(payloads(link().sent)).toEqual([2, 4])
})

test.each([
  ['open', givenOpen],
  ['connecting', givenConnecting],
] as const)('[SQ3] while %s, what the codec cannot write throws although it is volatile', (_, circumstance) => {
  const { client, link } = circumstance({ codec: text() })

  expect(codeThrownBy(() => client.send('message', 5, volatile))).toBe('invalid-config')
  expect(link().sent).toEqual([])
})

test('[SQ3] a wrong ttl throws although it is volatile', () => {
  const { client } = givenOpen()

  expect(codeThrownBy(() => client.send('cursor', 1, { ...volatile, ttl: -1 }))).toBe('invalid-config')
})

test('[SQ3] a transport that cannot send says so of what is volatile, too', () => {
  const transport = fakeTransport({ duplex: false })
  const { client } = over(transport)
  client.connect()
  newest(transport.links).open()

  expect(codeThrownBy(() => client.send('cursor', 1, volatile))).toBe('receive-only')
})

test('[SQ3] what is volatile and dropped leaves no timer', () => {
  const { client, environment } = given()
  client.send('cursor', 1, { ...volatile, ttl: 100 })

  expect(environment.held).toBe(0)
})

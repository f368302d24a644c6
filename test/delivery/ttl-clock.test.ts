import { expect, test } from 'vitest'
import { given, givenConnecting, payloads } from '../circumstances.ts'
import { jump } from './jump.ts'

test('[SQ3] on open nothing goes out whose time is over, though the timer is late', async () => {
  const { client, environment, link, told } = givenConnecting()
  for (const [note, ttl] of [
    ['a', 100],
    ['b', 300],
    ['c', 100],
  ] as const)
    client.send('note', note, { ttl })
  client.send('note', 'd')
  jump(environment, 200)
  link().open()

  expect(payloads(link().sent)).toEqual(['b', 'd'])
  expect(told.codes).toEqual(['expired', 'expired'])
  await environment.advance(1000)
  expect(told.codes).toHaveLength(2)
})

test('[SQ3] exactly at its end a message is over', () => {
  const { client, environment, link, told } = givenConnecting()
  client.send('note', 1, { ttl: 100 })
  jump(environment, 100)
  link().open()

  expect(link().sent).toEqual([])
  expect(told.codes).toEqual(['expired'])
})

test('[SQ3] a clock that has jumped ahead ends it at the next timer', async () => {
  const { client, environment, told } = given()
  client.send('note', 1, { ttl: 100 })
  client.send('note', 2, { ttl: 3_600_000 })
  jump(environment, 7_200_000)
  await environment.advance(100)

  expect(told.codes).toEqual(['expired', 'expired'])
})

test('[SQ3] a clock that was set back keeps it longer, and loses it all the same', async () => {
  const { client, environment, told } = given()
  client.send('note', 1, { ttl: 100 })
  jump(environment, -50)
  await environment.advance(100)
  expect(told.errors).toEqual([])
  await environment.advance(50)

  expect(told.codes).toEqual(['expired'])
})

test('[SQ3] a clock that was set back does not keep later messages waiting for the end of earlier ones', async () => {
  const { client, environment, told } = given()
  client.send('note', 1, { ttl: 100 })
  jump(environment, -3_600_000)
  client.send('note', 2, { ttl: 10 })
  await environment.advance(10)

  expect(told.codes).toEqual(['expired'])
})

test('[SQ3] a ttl beyond what timers can count is kept', async () => {
  const { client, environment, told } = given()
  client.send('note', 1, { ttl: 1e11 })
  await environment.advance(1e11 - 1)
  expect(told.errors).toEqual([])
  await environment.advance(1)

  expect(told.codes).toEqual(['expired'])
})

test('[SQ1][SQ3] one that is over gives its room back though it is not the oldest and its timer is late', () => {
  const { client, environment, told } = given({ queue: { maxMessages: 2 } })
  client.send('note', 'kept')
  client.send('note', 'short', { ttl: 100 })
  jump(environment, 1000)

  expect(client.send('note', 'third')).toBe('queued')
  expect(told.codes).toEqual(['expired'])
})

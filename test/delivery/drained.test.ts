import { expect, test } from 'vitest'
import { text } from '../../src/index.ts'
import { given, givenConnecting, givenOpen, givenSuspended, givenWaiting } from '../circumstances.ts'
import { givenBehind, watch } from './behind.ts'

test.each([
  ['idle', given],
  ['connecting', givenConnecting],
  ['open', givenOpen],
  ['waiting', givenWaiting],
  ['suspended', givenSuspended],
] as const)('[SQ5] drained resolves at once while %s, with nothing to wait for', async (_, circumstance) => {
  const { client, environment } = circumstance()
  const { held } = environment

  await expect(client.drained()).resolves.toBeUndefined()
  expect(environment.held).toBe(held)
})

test('[SQ5] drained resolves when the link has sent everything, and not before', async () => {
  const { environment, link, idle, drain } = givenBehind()
  const drained = drain()
  await environment.advance(500)
  expect(drained.outcome).toBeUndefined()
  link().bufferedAmount = 1
  await environment.advance(50)
  expect(drained.outcome).toBeUndefined()
  link().bufferedAmount = 0
  await environment.advance(50)

  expect(drained.outcome).toBe('resolved')
  expect(environment.held).toBe(idle)
})

test('[SQ5] drained resolves at exactly as many bytes as below says', async () => {
  const { environment, link, drain } = givenBehind()
  const drained = drain({ below: 300 })
  link().bufferedAmount = 301
  await environment.advance(100)
  expect(drained.outcome).toBeUndefined()
  link().bufferedAmount = 300
  await environment.advance(50)

  expect(drained.outcome).toBe('resolved')
})

test('[SQ5] drained resolves at once where it is at below already', async () => {
  const { client, link, environment, idle } = givenBehind()
  link().bufferedAmount = 300

  await expect(client.drained({ below: 300 })).resolves.toBeUndefined()
  expect(environment.held).toBe(idle)
})

test('[SQ5] drained resolves on open, when the queue has gone out and the link has nothing left', async () => {
  const { client, link, environment } = givenConnecting()
  client.send('note', 1)
  const drained = watch(client.drained())
  link().bufferedAmount = 24
  link().open()
  await environment.advance(100)
  expect(drained.outcome).toBeUndefined()
  link().bufferedAmount = 0
  await environment.advance(50)

  expect(drained.outcome).toBe('resolved')
})

test('[SQ5] drained resolves over a reconnect, with what the next link has to send', async () => {
  const { client, environment, link, drain } = givenBehind()
  client.onState(({ status }) => {
    if (status === 'waiting') client.send('note', 1)
  })
  const drained = drain()
  link().end()
  await environment.advance(600)
  expect(drained.outcome).toBeUndefined()
  link().bufferedAmount = 24
  link().open()
  await environment.advance(100)
  expect(drained.outcome).toBeUndefined()
  link().bufferedAmount = 0
  await environment.advance(50)

  expect(drained.outcome).toBe('resolved')
})

test('[SQ5] drained resolves when a link is lost and nothing is queued: what it had is gone', async () => {
  const { environment, link, drain } = givenBehind()
  const drained = drain()
  link().end()
  await environment.advance(0)

  expect(drained.outcome).toBe('resolved')
})

test('[SQ5] drained resolves when what was queued has expired', async () => {
  const { client, environment } = given()
  client.send('note', 1, { ttl: 100 })
  const drained = watch(client.drained())
  await environment.advance(100)

  expect(client.bufferedAmount).toBe(0)
  expect(drained.outcome).toBe('resolved')
})

test('[SQ5] drained resolves when room was made and little is left', async () => {
  const queue = { maxMessages: 1, whenFull: 'drop-oldest' } as const
  const { client, environment } = givenConnecting({ codec: text(), queue })
  client.send('message', 'long enough')
  const drained = watch(client.drained({ below: 5 }))
  client.send('message', 'short')
  await environment.advance(0)

  expect(client.bufferedAmount).toBe(5)
  expect(drained.outcome).toBe('resolved')
})

test('[SQ5] drained resolves two at once, each at its own bound', async () => {
  const { environment, link, idle, drain } = givenBehind()
  const half = drain({ below: 500 })
  const all = drain()
  link().bufferedAmount = 400
  await environment.advance(50)
  expect([half.outcome, all.outcome]).toEqual(['resolved', undefined])
  link().bufferedAmount = 0
  await environment.advance(50)

  expect(all.outcome).toBe('resolved')
  expect(environment.held).toBe(idle)
})

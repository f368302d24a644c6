import { expect, test } from 'vitest'
import type { ErrorCode, ReconnectPolicy } from '../../src/index.ts'
import {
  type given,
  givenConnecting,
  givenOpen,
  givenRaw,
  givenSuspended,
  givenWaiting,
  waitOf,
} from '../circumstances.ts'
import { jump } from '../delivery/jump.ts'

/** A link that has been open for so long, and then is lost. */
async function givenLostAfter(ms: number, options: Parameters<typeof given>[0] = {}) {
  const all = givenOpen(options)
  await all.environment.advance(ms)
  all.link().end()
  return all
}

/** So many tries in a row that fail at once. */
async function givenFailures(count: number, options: Parameters<typeof given>[0] = {}) {
  const all = givenConnecting(options)
  for (let failed = 0; failed < count; failed += 1) {
    if (all.client.state.status === 'waiting') await all.environment.advance(waitOf(all))
    all.link().end()
  }
  return all
}

test('[BO8] the first wait after a first failed try is 60 % of minDelay on average', () => {
  expect(waitOf(givenWaiting())).toBe(600)
})

test('[BO8] the first wait after the loss of a stable link is 60 % of minDelay on average, too', async () => {
  expect(waitOf(await givenLostAfter(60_000))).toBe(600)
})

test('[BO8] each failed try doubles the wait', async () => {
  expect(waitOf(await givenFailures(4))).toBe(4800)
})

test('[BO2] opening does not start the counter again', async () => {
  const all = await givenFailures(3)
  await all.environment.advance(waitOf(all))
  all.link().open()
  all.link().end()

  expect(all.client.state).toMatchObject({ status: 'waiting', attempt: 5 })
})

test('[BO2] a link that stays open just short of stableAfter does not start the counter again', async () => {
  expect((await givenLostAfter(4999)).client.state).toMatchObject({ attempt: 2 })
})

test('[BO2] a link that stays open for stableAfter starts the counter again', async () => {
  expect((await givenLostAfter(5000)).client.state).toMatchObject({ attempt: 1 })
})

test('[BO2] stableAfter is an option', async () => {
  expect((await givenLostAfter(100, { reconnect: { stableAfter: 100 } })).client.state).toMatchObject({ attempt: 1 })
})

test('[BO4] an error that says when to come back sets the wait', () => {
  const all = givenConnecting()
  all.link().end({ code: 'unreachable', status: 503, retryAfter: 20_000 })

  expect(waitOf(all)).toBe(22_000)
})

test('[BO4] what an error says holds for one wait', async () => {
  const all = givenConnecting()
  all.link().end({ retryAfter: 20_000 })
  await all.environment.advance(22_000)
  all.link().end()

  expect(waitOf(all)).toBe(1200)
})

test('[BO4] what a stream asks for sets the waits to come', async () => {
  const all = givenRaw()
  all.client.connect()
  all.link().observer.retryAfter(20_000)
  all.link().observer.ended(undefined as never)
  await all.environment.advance(waitOf(all))
  all.link().observer.ended(undefined as never)

  expect(waitOf(all)).toBe(22_000)
})

test.each([-1, Number.NaN, undefined])('[BO4] a stream that asks for %s is not heard', (wish) => {
  const all = givenRaw()
  all.client.connect()
  all.link().observer.retryAfter(wish as number)
  all.link().observer.ended(undefined as never)

  expect(waitOf(all)).toBe(600)
})

test.each(['connect', 'reconnect'] as const)('[BO4] %s() during a wait forgets what the stream asked for', (call) => {
  const all = givenRaw()
  all.client.connect()
  all.link().observer.retryAfter(20_000)
  all.link().observer.ended(undefined as never)
  all.client[call]()
  all.link().observer.ended(undefined as never)

  expect(waitOf(all)).toBe(600)
})

test.each(['connect', 'reconnect'] as const)('[BO5] %s() ends a wait that the server asked for', (call) => {
  const { client, link, transport } = givenConnecting()
  link().end({ retryAfter: 20_000 })
  client[call]()

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  expect(transport.links).toHaveLength(2)
})

test('[BO6] a policy is told attempt, error, elapsed time and random numbers', async () => {
  const asked: Parameters<ReconnectPolicy>[0][] = []
  const all = await givenFailures(2, { reconnect: (context) => asked.push(context) * 100 })

  expect(asked).toMatchObject([
    { attempt: 2, elapsed: 0, error: { code: 'unreachable' } },
    { attempt: 3, elapsed: 100, error: { code: 'unreachable' } },
  ])
  expect(asked[0]?.random()).toBe(0.5)
  expect(waitOf(all)).toBe(200)
})

test('[BO6] the elapsed time starts anew after a stable link', async () => {
  const elapsed: number[] = []
  const all = await givenFailures(2, { reconnect: (context) => elapsed.push(context.elapsed) * 100 })
  await all.environment.advance(200)
  all.link().open()
  await all.environment.advance(5000)
  all.link().end()

  expect(elapsed).toEqual([0, 100, 0])
})

test('[BO6] the elapsed time does not count from a rest of the page', async () => {
  const elapsed: number[] = []
  const all = givenSuspended({ reconnect: (context) => elapsed.push(context.elapsed) * 100 })
  await all.environment.advance(28_800_000)
  all.environment.resume()
  all.link().end()

  expect(elapsed).toEqual([0])
})

test('[BO6] a policy that answers null closes with the error of the failure', () => {
  const { client, told } = givenWaiting({ reconnect: () => null })

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unreachable' } })
  expect(told.codes).toEqual(['unreachable'])
})

test('[BO6] a policy that throws closes with what it threw, and both errors are told', () => {
  const cause = new Error('a bug')
  const { client, told } = givenWaiting({
    reconnect() {
      throw cause
    },
  })

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'invalid-config', cause } })
  expect(told.codes).toEqual(['unreachable', 'invalid-config'])
})

test.each<ErrorCode>(['refused', 'ended', 'too-large'])(
  '[BO6] a policy is not asked about a final failure: %s',
  (code) => {
    let asked = 0
    const { link } = givenConnecting({ reconnect: () => asked++ })
    link().end({ code })

    expect(asked).toBe(0)
  },
)

test('[CN10] after maxAttempts the client closes with the last error', async () => {
  const all = await givenFailures(2, { reconnect: { maxAttempts: 3 } })
  await all.environment.advance(waitOf(all))
  all.link().end({ status: 503 })

  expect(all.client.state).toMatchObject({ status: 'closed', error: { code: 'unreachable', status: 503 } })
  expect(all.transport.links).toHaveLength(3)
  expect(all.environment.held).toBe(0)
})

test('[CN10] links that open without becoming stable count as well', async () => {
  const all = await givenFailures(2, { reconnect: { maxAttempts: 3 } })
  await all.environment.advance(waitOf(all))
  all.link().open()
  all.link().end()

  expect(all.client.state).toMatchObject({ status: 'closed', error: { code: 'lost' } })
})

test('[CN10] connect() after maxAttempts starts afresh', async () => {
  const all = await givenFailures(3, { reconnect: { maxAttempts: 3 } })
  all.client.connect()
  all.link().end()

  expect(all.client.state).toMatchObject({ status: 'waiting', attempt: 2 })
})

test('[CN10] without reconnect the first failure closes', () => {
  expect(givenWaiting({ reconnect: false }).client.state).toMatchObject({ status: 'closed' })
})

test('[CN10] without reconnect the loss of a stable link closes', async () => {
  expect((await givenLostAfter(60_000, { reconnect: false })).client.state).toMatchObject({ status: 'closed' })
})

test('[BO2] a link that was open for long was stable, though the clock was set back meanwhile', async () => {
  const { client, environment, link } = givenOpen({ reconnect: { maxAttempts: 1 } })
  await environment.advance(1_800_000)
  jump(environment, -3_600_000)
  link().end()

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 1 })
})

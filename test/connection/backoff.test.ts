import { expect, test } from 'vitest'
import { type ClientOptions, createClient, type Environment, RealtimeError } from '../../src/index.ts'
import { densest, rawTransport, seeded } from '../circumstances.ts'

const almostOne = 1 - 2 ** -32

type Reconnect = ClientOptions['reconnect']

interface Circumstance {
  /** The number of the try that comes next; 1 after the loss of a stable link. */
  readonly attempt?: number
  readonly retryAfter?: number
  readonly streamRetry?: number
  readonly random?: () => number
}

/** The state of a client after its newest failure. */
function afterFailure(reconnect: Reconnect, circumstance: Circumstance = {}) {
  const { attempt = 2, retryAfter, streamRetry, random = () => 0 } = circumstance
  const transport = rawTransport()
  let now = 0
  let due = () => {}
  const environment: Environment = {
    now: () => now,
    random,
    setTimer(callback) {
      due = callback
      return () => {}
    },
    origin: () => ({ base: undefined, secure: false }),
  }
  const client = createClient(transport, { reconnect, environment })
  const fail = (error: RealtimeError) => transport.links.at(-1)?.observer.ended(error)
  client.connect()
  for (let next = 2; next < attempt; next += 1) {
    fail(new RealtimeError('unreachable'))
    due()
  }
  if (attempt === 1) {
    transport.links[0]?.observer.opened()
    now += 60_000
  }
  if ('streamRetry' in circumstance) transport.links.at(-1)?.observer.retryAfter(streamRetry as number)
  fail(new RealtimeError('lost', 'The newest failure.', retryAfter === undefined ? {} : { retryAfter }))
  return { state: client.state, now }
}

/** How long the client waits after it, with random numbers of 0 unless told. */
function waitAfter(reconnect: Reconnect, circumstance?: Circumstance): number {
  const { state, now } = afterFailure(reconnect, circumstance)
  if (state.status !== 'waiting') throw new Error(`It is ${state.status}.`)
  return state.retryAt - now
}

function errorAfter(reconnect: Reconnect): RealtimeError | undefined {
  const { state } = afterFailure(reconnect)
  return state.status === 'closed' ? state.error : undefined
}

/** The waits of a thousand clients that have the same happen to them at the same time. */
function waitsOfThousand(circumstance: Circumstance): number[] {
  const random = seeded(7)
  return Array.from({ length: 1000 }, () => waitAfter(undefined, { ...circumstance, random }))
}

test.each([
  ['the loss of a stable link', 1, 1000],
  ['the first failed try', 2, 1000],
  ['the second', 3, 2000],
  ['the fifth', 6, 16_000],
  ['the sixth, at the cap,', 7, 30_000],
  ['the two thousandth', 2001, 30_000],
])('[BO1][BO8] after %s the wait lies between a fifth and the whole of the exponential one', (_, attempt, longest) => {
  expect(waitAfter({}, { attempt, random: () => 0 })).toBeCloseTo(0.2 * longest, 5)
  expect(waitAfter({}, { attempt, random: () => almostOne })).toBeCloseTo(longest, 3)
})

test.each<[string, Circumstance]>([
  ['the loss of a stable link', { attempt: 1 }],
  ['a first failure', { attempt: 2 }],
  ['a failure at the cap', { attempt: 7 }],
  ['a wish of the server', { retryAfter: 10_000 }],
  ['a short wish of the server', { retryAfter: 500 }],
  ['a wish of the server over the limit', { retryAfter: 1e9 }],
  ['a wish of the stream', { streamRetry: 3000 }],
])('[BO1][BO4] no 100 ms hold more than a fifth of the waits of a thousand clients after %s', (_, circumstance) => {
  expect(densest(waitsOfThousand(circumstance), 100)).toBeLessThanOrEqual(200)
})

test('[BO1] a thousand waits are a thousand different ones', () => {
  expect(new Set(waitsOfThousand({ attempt: 7 })).size).toBe(1000)
})

test('[BO8] the first wait is drawn from minDelay', () => {
  expect(waitAfter({ minDelay: 700 }, { random: () => almostOne })).toBeCloseTo(700, 3)
})

test('[BO8] each further try multiplies by factor', () => {
  expect(waitAfter({ minDelay: 100, factor: 3 }, { attempt: 5, random: () => almostOne })).toBeCloseTo(2700, 3)
})

test('[BO1] a minDelay of 0 stays 0 however often it fails', () => {
  expect(waitAfter({ minDelay: 0 }, { attempt: 2000, random: () => almostOne })).toBe(0)
})

test('[BO1] no wait is longer than maxDelay, not even where minDelay is', () => {
  expect(waitAfter({ minDelay: 60_000 }, { random: () => almostOne })).toBeCloseTo(30_000, 2)
})

test.each([
  ['not below what the server asked for', 0, 10_000],
  ['at most a fifth above what the server asked for', almostOne, 12_000],
])('[BO4] the wait is %s', (_, random, wait) => {
  expect(waitAfter({}, { retryAfter: 10_000, random: () => random })).toBeCloseTo(wait, 3)
})

test('[BO4] above a small wish the spread is minDelay', () => {
  expect(waitAfter({ minDelay: 1000 }, { retryAfter: 1500, random: () => almostOne })).toBeCloseTo(2500, 3)
})

test('[BO4] a wish below the drawn wait changes nothing', () => {
  // At 0.5 it would be as long as with the wish for a floor.
  expect(waitAfter({}, { retryAfter: 100, random: () => 0.25 })).toBeCloseTo(400, 6)
})

test('[BO4] what the server asks for counts up to ten times maxDelay', () => {
  expect(waitAfter({ maxDelay: 2000 }, { retryAfter: 1e9 })).toBe(20_000)
})

test('[BO4] what the stream asks for counts up to maxDelay', () => {
  expect(waitAfter({ maxDelay: 2000 }, { streamRetry: 1e9 })).toBe(2000)
})

test.each([Number.NaN, undefined as never, -1])(
  '[BO4] a wish of the stream that is no time, %s, leaves that of the server',
  (streamRetry) => {
    expect(waitAfter({}, { retryAfter: 9000, streamRetry })).toBe(9000)
  },
)

test.each([
  [4000, 9000],
  [9000, 4000],
])('[BO4] of the wishes %d of the server and %d of the stream the longer one counts', (retryAfter, streamRetry) => {
  expect(waitAfter({}, { retryAfter, streamRetry })).toBe(9000)
})

test.each([0, 1, 250.5, 1e12])('[BO4][BO6] what a policy answers is taken as it is: %d', (delay) => {
  expect(waitAfter(() => delay, { retryAfter: 10_000, streamRetry: 10_000, random: () => almostOne })).toBe(delay)
})

test.each([Number.NaN, -1, Infinity, undefined, '12x'])(
  '[BO6] a policy that answers %s closes as a mistake',
  (answer) => {
    expect(errorAfter((() => answer) as () => number)).toMatchObject({ code: 'invalid-config', retryable: false })
  },
)

test('[BO6] an error of ours that a policy throws is the error it closes with', () => {
  const thrown = new RealtimeError('refused')
  const policy = () => {
    throw thrown
  }

  expect(errorAfter(policy)).toBe(thrown)
})

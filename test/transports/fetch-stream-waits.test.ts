import { describe, expect, test } from 'vitest'
import type { ClientOptions } from '../../src/realtime-client.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { densest, seeded } from '../circumstances.ts'
import { givenAsked, givenStream } from './streaming.ts'

const almostOne = 1 - 2 ** -32
const { now } = fakeEnvironment()

/** The date so many seconds from now, by the clock of the client. */
const dateIn = (seconds: number) => new Date(now() + seconds * 1000).toUTCString()

interface Circumstance extends ClientOptions {
  readonly status?: number
  readonly random?: number
}

/** A client whose first try was answered with 503 and this `Retry-After`. */
async function givenWish(value: string, { status = 503, random = 0, ...options }: Circumstance = {}) {
  const environment = fakeEnvironment({ random: () => random })
  const all = await givenAsked({}, { environment, ...options })
  // The client's clock is its environment's, and not the machine's.
  all.request().answer(status, { 'retry-after': value })
  await environment.advance(0)
  const { state } = all.client
  return { ...all, environment, wait: state.status === 'waiting' && state.retryAt - environment.now() }
}

/** How long a client waits after the end of a stream of these bytes. */
async function waitAfter(bytes: string, { random = 0, ...options }: Circumstance = {}): Promise<number | false> {
  const environment = fakeEnvironment({ random: () => random })
  const { client, request } = await givenAsked({}, { environment, ...options })
  request().answer()
  await environment.advance(0)
  request().send(bytes)
  await environment.advance(0)
  request().end()
  await environment.advance(0)
  return client.state.status === 'waiting' && client.state.retryAt - environment.now()
}

describe('Retry-After', () => {
  test.each([
    ['10', 10_000],
    ['0010', 10_000],
    ['300', 300_000],
  ])('[BO4] %s is a number of seconds, before which nothing is asked', async (value, wait) => {
    const all = await givenWish(value)
    expect(all.client.state).toMatchObject({ error: { code: 'unreachable', retryAfter: wait } })
    expect(all.wait).toBe(wait)
    await all.environment.advance(wait - 1)
    expect(all.requests).toHaveLength(1)
    await all.environment.advance(1)

    expect(all.requests).toHaveLength(2)
  })

  test.each([408, 425, 429, 500, 503])('[BO4][FS2] it is read from a %d', async (status) => {
    expect((await givenWish('10', { status })).wait).toBe(10_000)
  })

  test('[BO4] above it the waits of all clients are spread', async () => {
    expect((await givenWish('10', { random: almostOne })).wait).toBeCloseTo(12_000, 3)
  })

  test("[BO4] a date is compared with the client's clock", async () => {
    const { wait, errors } = await givenWish(dateIn(20))

    expect(wait).toBe(20_000)
    expect(errors).toMatchObject([{ retryAfter: 20_000 }])
  })

  test('[BO4] a date that is over asks for nothing', async () => {
    expect((await givenWish(dateIn(-20), { random: 0.5 })).wait).toBe(600)
  })

  test.each(['0', '-5', '1.5', '', 'tomorrow', '5 apples', '1e3', '0x10', '120, 120', 'Infinity', 'NaN'])(
    "[BO4] '%s' asks for nothing",
    async (value) => {
      expect((await givenWish(value, { random: 0.5 })).wait).toBe(600)
    },
  )

  test.each(['-5', '1.5', 'soon 2099'])("[BO4] '%s' is no wish that an error tells of", async (value) => {
    expect((await givenWish(value)).errors[0]).not.toHaveProperty('retryAfter')
  })

  test('[BO4] a date as asctime writes it is in UTC', async () => {
    const [, weekday, day, month, year, time] = /(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(dateIn(20)) ?? []

    expect((await givenWish(`${weekday} ${month} ${day?.padStart(2, ' ')} ${time} ${year}`)).wait).toBe(20_000)
  })

  test.each(['9'.repeat(11), '9'.repeat(400), dateIn(1e8)])(
    '[BO4] %s counts up to ten times maxDelay',
    async (value) => {
      expect((await givenWish(value)).wait).toBe(300_000)
      expect((await givenWish(value, { reconnect: { maxDelay: 2000 } })).wait).toBe(20_000)
    },
  )

  test('[BO4] it holds for one wait', async () => {
    const { environment, request, client } = await givenWish('10', { random: 0.5 })
    await environment.advance(12_000)
    request().answer(503)
    await environment.advance(0)

    expect(client.state.status === 'waiting' && client.state.retryAt - environment.now()).toBe(1200)
  })

  test("[BO4] a policy's answer is taken as it is", async () => {
    expect((await givenWish('10', { reconnect: () => 50 })).wait).toBe(50)
  })

  test('[BO5] connect() ends the wait', async () => {
    const { client, requests, environment } = await givenWish('10')
    client.connect()
    await environment.advance(0)

    expect(requests).toHaveLength(2)
  })

  test('[BO5] `online` does not end the wait', async () => {
    const { client, requests, environment } = await givenWish('10')
    environment.setOnline(true)
    await environment.advance(0)

    expect(client.state.status).toBe('waiting')
    expect(requests).toHaveLength(1)
  })
})

describe('retry:', () => {
  test('[FS4][BO4] it is a floor for the waits to come', async () => {
    expect(await waitAfter('retry: 7000\n\n')).toBe(7000)
  })

  test('[FS4][BO4] it needs no blank line after it', async () => {
    expect(await waitAfter('retry: 7000\n')).toBe(7000)
  })

  test('[FS4][BO4] above it the waits of all clients are spread', async () => {
    expect(await waitAfter('retry: 7000\n\n', { random: almostOne })).toBeCloseTo(8400, 3)
  })

  test('[FS4][BO4] no 100 ms hold more than a fifth of the next tries of three hundred clients', async () => {
    const random = seeded(7)
    const waits: number[] = []
    for (let count = 0; count < 300; count += 1) {
      waits.push(Number(await waitAfter('retry: 3000\n\n', { random: random() })))
    }

    expect(densest(waits, 100)).toBeLessThanOrEqual(60)
  })

  test('[FS4][BO4] one below the drawn wait changes nothing', async () => {
    expect(await waitAfter('retry: 100\n\n', { random: 0.5 })).toBe(600)
  })

  test('[FS4] the newest counts', async () => {
    expect(await waitAfter('retry: 9000\n\nretry: 7000\n\n')).toBe(7000)
  })

  test('[FS4] it holds for tries that are answered without a stream', async () => {
    const { send, end, answer, environment, wait } = await givenStream()
    await send('retry: 7000\n\n')
    await end()
    await environment.advance(8000)
    await answer(503)

    // Random numbers are 0.5: the floor and half of its fifth.
    expect(wait()).toBe(7700)
  })

  test.each(['0', '9'.repeat(11), '9'.repeat(400)])('[FS11][BO3] retry: %s makes no hot loop', async (value) => {
    const environment = fakeEnvironment({ random: () => 0 })
    const times: number[] = []
    await givenAsked(
      {
        made(request) {
          times.push(environment.now())
          // A loop that is hot would otherwise never let the test end.
          if (times.length > 1000) return
          request.answer()
          request.send(`retry: ${value}\ndata: x\n\n`)
          request.end()
        },
      },
      { environment },
    )
    await environment.advance(60_000)

    expect(densest(times, 500)).toBeLessThanOrEqual(2)
    // What BO2 has for a server that accepts and closes at once.
    expect(times.length).toBeLessThanOrEqual(15)
    expect(times.length).toBeGreaterThan(1)
  })

  test.each(['9'.repeat(11), '9'.repeat(400)])('[FS11][BO4] retry: %s counts up to maxDelay', async (value) => {
    expect(await waitAfter(`retry: ${value}\n\n`)).toBe(30_000)
    expect(await waitAfter(`retry: ${value}\n\n`, { reconnect: { maxDelay: 2000 } })).toBe(2000)
  })

  test.each(['0', '-7000', '7000.5', '', 'soon', '7000s', '  7000', 'Infinity', '٣'])(
    "[FS11] 'retry:%s' asks for nothing",
    async (value) => {
      expect(await waitAfter(`retry:${value}\n\n`, { random: 0.5 })).toBe(600)
    },
  )

  test('[FS11] the quickest of all drawings does not ask twice in 100 ms', async () => {
    expect(await waitAfter('retry: 0\n\n')).toBe(200)
  })
})

import { describe, expect, test, vi } from 'vitest'
import { RealtimeError } from '../../src/index.ts'
import { type FakeTransport, fakeEnvironment } from '../../src/testing/index.ts'
import { watchObserver } from '../cross-tab/tabs.ts'
import { fakeStorage, type GivenFallback, givenDemoted, givenFallback } from './falling-back.ts'

const halfAnHour = 1_800_000

/** The newest link, opened and lost again after so long. */
async function die({ environment, link }: GivenFallback, position: 0 | 1 | 2, after = 1000): Promise<void> {
  link(position).open()
  await environment.advance(after)
  link(position).end()
}

async function dieOften(all: GivenFallback, position: 0 | 1 | 2, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await die(all, position)
    await all.nextAttempt()
  }
}

/** Which one another visit to the page begins with. */
function firstTriedIn(options: Parameters<typeof givenFallback>[0]): string {
  const { client, dials } = givenFallback(options)
  client.connect()
  const position = dials().indexOf(1)
  client.close()
  return ['first', 'second', 'third'][position] ?? 'none'
}

describe('what changes the order', () => {
  test('[FB3] one that opened where another failed is tried first from then on', async () => {
    const { link, dials, nextAttempt, carrier } = givenDemoted()
    link(1).end()
    await nextAttempt()
    expect(dials()).toEqual([1, 2, 0])
    link(1).open()

    expect(carrier()).toBe('second')
  })

  test('[FB3] where it fails in turn, the others are tried in their order, and the one that opens is preferred', async () => {
    const { link, dials, nextAttempt } = givenDemoted()
    link(1).end()
    await nextAttempt()
    link(1).end()
    expect(dials()).toEqual([2, 2, 0])
    link(0).open()
    link(0).end()
    await nextAttempt()

    expect(dials()).toEqual([3, 2, 0])
  })

  test('[FB2] a server that is down for all demotes nothing, however often it is tried', async () => {
    const all = givenFallback()
    all.client.connect()
    for (let outage = 0; outage < 5; outage += 1) {
      for (const position of [0, 1, 2] as const) all.link(position).end()
      await all.nextAttempt()
    }
    all.link(0).open()

    expect(all.carrier()).toBe('first')
    expect(all.dials()).toEqual([6, 5, 5])
  })

  test('[FB2] a server that restarts under an open link demotes nothing', async () => {
    const all = givenFallback()
    all.client.connect()
    await die(all, 0, 60_000)
    await all.nextAttempt()
    for (const position of [0, 1, 2] as const) all.link(position).end()
    await all.nextAttempt()

    expect(all.dials()).toEqual([3, 1, 1])
  })

  test('[FB1][FB6] three links that died early without a message are evidence', async () => {
    const all = givenFallback()
    all.client.connect()
    await dieOften(all, 0, 3)

    expect(all.dials()).toEqual([3, 1, 0])
  })

  test('[FB6] two links that died early without a message are no evidence', async () => {
    const all = givenFallback()
    all.client.connect()
    await dieOften(all, 0, 2)

    expect(all.dials()).toEqual([3, 0, 0])
  })

  test('[FB6] the last that dies early gives way to the first', async () => {
    const all = givenFallback()
    all.client.connect()
    all.link(0).end()
    all.link(1).end()
    await dieOften(all, 2, 3)

    expect(all.dials()).toEqual([2, 1, 3])
  })

  const harmless: readonly (readonly [string, (all: GivenFallback) => Promise<void>])[] = [
    [
      'delivered a message',
      async (all) => {
        all.link(0).open()
        all.link(0).receive('{}')
        all.link(0).end()
      },
    ],
    ['lived for ten seconds', (all) => die(all, 0, 10_000)],
    [
      'ended for another reason',
      async (all) => {
        all.link(0).open()
        all.link(0).end({ code: 'unreachable' })
      },
    ],
  ]

  test.each(harmless)('[FB6] links of which one %s are no evidence', async (_, other) => {
    const all = givenFallback()
    all.client.connect()
    for (const end of [die, other, die]) {
      await end(all, 0)
      await all.nextAttempt()
    }

    expect(all.dials()).toEqual([4, 0, 0])
  })

  test('[FB6] three within more than five minutes are no evidence', async () => {
    const all = givenFallback()
    all.client.connect()
    await die(all, 0)
    await all.nextAttempt()
    await die(all, 0)
    await all.nextAttempt()
    all.link(0).open()
    all.client.reconnect()
    await all.environment.advance(0)
    all.link(0).open()
    all.link(0).receive('{}')
    await all.environment.advance(300_000)
    all.link(0).end()
    await all.nextAttempt()
    await die(all, 0)
    await all.nextAttempt()

    expect(all.dials()).toEqual([6, 0, 0])
  })

  test('[FB2] those of three clients at once are no evidence', async () => {
    const environment = fakeEnvironment()
    const all = givenFallback({ environment })
    const { createClient } = await import('../../src/index.ts')
    const clients = [0, 1, 2].map(() => createClient(all.transport, { environment }))
    for (const client of clients) {
      client.connect()
      all.link(0).open()
    }
    for (const one of all.fakes[0]?.links ?? []) one.end()
    await environment.advance(600)

    expect(all.dials()).toEqual([6, 0, 0])
  })

  const unanswered: readonly (readonly [string, number, number])[] = [
    ['opened at once', 0, 10_000],
    ['opened a little later', 20, 10_000],
    ['has longer than that', 0, 20_000],
  ]

  test.each(unanswered)(
    '[FB1] a handshake that nobody answers, three times, is evidence, on a link that %s',
    async (_, ms, openTimeout) => {
      const all = givenFallback({ handshake: ({ next }) => next('welcome').then(() => {}), openTimeout })
      all.client.connect()
      for (let time = 0; time < 3; time += 1) {
        await all.environment.advance(ms)
        all.link(0).open()
        await all.environment.advance(openTimeout - ms)
        await all.nextAttempt()
      }

      expect(all.dials()).toEqual([3, 1, 0])
    },
  )

  const silences: readonly (readonly [string, number, number, readonly number[]])[] = [
    ['over which nothing came is evidence, as often', 3000, 0, [3, 1, 0]],
    ['is no evidence where it was open for ten seconds', 10_000, 0, [4, 0, 0]],
    ['is no evidence after a message', 3000, 1, [4, 0, 0]],
  ]

  test.each(silences)('[FB1][FB6] a link that the heartbeat finds silent %s', async (_, idle, messages, dials) => {
    const all = givenFallback({ heartbeat: { idle: idle - 500, timeout: 500 } })
    all.client.connect()
    for (let time = 0; time < 3; time += 1) {
      all.link(0).open()
      for (let message = 0; message < messages; message += 1) all.link(0).receive('{}')
      await all.environment.advance(idle)
      expect(all.client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
      await all.nextAttempt()
    }

    expect(all.dials()).toEqual(dials)
  })

  test('[FB6] a link that lived for long and then hangs is no evidence, also where nothing came over it', async () => {
    const all = givenFallback()
    const observer = watchObserver(all.fakes[0] as FakeTransport)
    all.client.connect()
    for (let time = 0; time < 3; time += 1) {
      observer().opened()
      await all.environment.advance(30_000)
      observer().interrupted(new RealtimeError('lost'), all.environment.now() + 3000)
      await all.environment.advance(13_000)
      expect(all.client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
      await all.nextAttempt()
    }

    expect(all.dials()).toEqual([4, 0, 0])
  })

  test('[FB6] a link that was silent counts once, whatever hangs after it', async () => {
    const all = givenFallback({ heartbeat: { idle: 500, timeout: 500 } })
    all.client.connect()
    all.link(0).open()
    await all.environment.advance(1000)
    await all.nextAttempt()
    for (let time = 0; time < 2; time += 1) {
      await all.environment.advance(10_000)
      expect(all.client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
      await all.nextAttempt()
    }

    expect(all.dials()).toEqual([4, 2, 2])
  })

  test('[FB6] what the application gives up close to the deadline is no evidence', async () => {
    const all = givenFallback({ handshake: ({ next }) => next('welcome').then(() => {}) })
    all.client.connect()
    for (let time = 0; time < 3; time += 1) {
      all.link(0).open()
      await all.environment.advance(9900)
      all.client.reconnect()
    }

    expect(all.dials()).toEqual([4, 0, 0])
  })

  test('[FB6] early deaths of another one do not count', async () => {
    const all = givenFallback()
    all.client.connect()
    await die(all, 0)
    await all.nextAttempt()
    await die(all, 0)
    await all.nextAttempt()
    all.link(0).end()
    await die(all, 1)
    await all.nextAttempt()

    expect(all.dials()).toEqual([3, 2, 0])
  })

  test.each([10_000, 2000])(
    '[FB6] links that the application gives up are no evidence, with an openTimeout of %i',
    async (openTimeout) => {
      const all = givenFallback({ openTimeout })
      all.client.connect()
      for (let time = 0; time < 4; time += 1) {
        all.link(0).open()
        await all.environment.advance(9500)
        all.client.reconnect()
      }

      expect(all.dials()).toEqual([5, 0, 0])
    },
  )
})

describe('how long it is remembered', () => {
  test('[FB3] a running client tries the better one at the first attempt after that', async () => {
    const { environment, link, dials, nextAttempt, carrier } = givenDemoted()
    await environment.advance(halfAnHour)
    expect(carrier()).toBe('second')
    link(1).end()
    await nextAttempt()

    expect(dials()).toEqual([2, 1, 0])
  })

  test('[FB3] a reconnect before that does not make it longer', async () => {
    const { environment, link, dials, nextAttempt } = givenDemoted()
    await environment.advance(halfAnHour - 1000)
    link(1).end()
    await nextAttempt()
    link(1).open()
    await environment.advance(1000)
    link(1).end()
    await nextAttempt()

    expect(dials()).toEqual([2, 2, 0])
  })

  test('[FB3] where the better one fails again, it is remembered anew', async () => {
    const { environment, link, dials, nextAttempt } = givenDemoted({ rememberFor: 60_000 })
    await environment.advance(60_000)
    link(1).end()
    await nextAttempt()
    link(0).end()
    link(1).open()
    link(1).end()
    await nextAttempt()

    expect(dials()).toEqual([2, 3, 0])
  })

  test('[FB3] a clock that was set back does not make it longer', async () => {
    const storage = fakeStorage()
    givenDemoted({ storage }).client.close()
    const now = 1_700_000_000_000 - halfAnHour

    expect(firstTriedIn({ storage, environment: fakeEnvironment({ now }) })).toBe('first')
  })

  test('[FB3] rememberFor: 0 forgets at once', async () => {
    const { link, dials, nextAttempt } = givenDemoted({ rememberFor: 0 })
    link(1).end()
    await nextAttempt()

    expect(dials()).toEqual([2, 1, 0])
  })
})

describe('where it is remembered', () => {
  const elsewhere = () => fakeEnvironment({ page: 'https://other.test/' })

  test('[FB3] the next visit begins with what worked', () => {
    const storage = fakeStorage()
    givenDemoted({ storage }).client.close()

    expect(firstTriedIn({ storage })).toBe('second')
  })

  test('[FB3] another page of the origin begins with what worked, too', () => {
    const storage = fakeStorage()
    givenDemoted({ storage }).client.close()

    expect(firstTriedIn({ storage, environment: fakeEnvironment({ page: 'http://localhost/a?b#c' }) })).toBe('second')
  })

  test('[FB3] another origin begins with the first', () => {
    const storage = fakeStorage()
    givenDemoted({ storage }).client.close()

    expect(firstTriedIn({ storage, environment: elsewhere() })).toBe('first')
  })

  test('[FB3] without a storage it lasts as long as the transport', async () => {
    const { client, link, dials } = givenDemoted({ storage: false })
    client.close()
    client.connect()

    expect(dials()).toEqual([1, 2, 0])
    expect(link(1).closed).toBe(false)
  })

  test("[FB3] a page's localStorage is taken by itself", () => {
    const storage = fakeStorage()
    vi.stubGlobal('localStorage', storage)
    givenDemoted({ storage: undefined }).client.close()
    vi.unstubAllGlobals()

    expect(firstTriedIn({ storage })).toBe('second')
  })

  test('[LC5] without a page it is not even looked at', () => {
    const get = vi.fn()
    vi.stubGlobal('localStorage', undefined)
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get })
    givenDemoted({ storage: undefined, environment: fakeEnvironment({ page: undefined }) }).client.close()
    vi.unstubAllGlobals()

    expect(get).not.toHaveBeenCalled()
  })

  test('[FB3] without a page one that is given is used', () => {
    const storage = fakeStorage()
    const nowhere = () => fakeEnvironment({ page: undefined })
    givenDemoted({ storage, environment: nowhere() }).client.close()

    expect(firstTriedIn({ storage, environment: nowhere() })).toBe('second')
  })

  test('[FB3] it is read once, whatever is written there later', async () => {
    const storage = fakeStorage()
    const getItem = vi.fn(storage.getItem)
    const { link, nextAttempt } = givenDemoted({ storage: { ...storage, getItem } })
    link(1).end()
    await nextAttempt()

    expect(getItem).toHaveBeenCalledOnce()
  })

  test('[FB3] it holds names, positions and times, and no path of the page', () => {
    const storage = fakeStorage()
    const environment = fakeEnvironment({ page: 'https://page.test/account?token=s3cret' })
    givenDemoted({ storage, environment }).client.close()

    expect([...storage.entries]).toEqual([
      ['holdfast fallback(first,second,third) https://page.test', '1,1700000000000,,0'],
    ])
  })
})

describe('a storage that fails', () => {
  const fails = () => {
    throw new DOMException('no', 'SecurityError')
  }
  const broken = [
    ['that cannot be read', { ...fakeStorage(), getItem: fails }],
    ['that is full', { ...fakeStorage(), setItem: fails }],
    ['that throws whatever is asked', { getItem: fails, setItem: fails, removeItem: fails }],
  ] as const

  test.each(broken)('[FB4] one %s is ignored, and this page remembers all the same', async (_, storage) => {
    const { told, link, dials, nextAttempt } = givenDemoted({ storage })
    link(1).end()
    await nextAttempt()

    expect(told.codes).toEqual(['lost'])
    expect(dials()).toEqual([1, 2, 0])
  })

  test('[FB4] a page that must not read its localStorage works', async () => {
    vi.stubGlobal('localStorage', undefined)
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get: fails })
    const { link, dials, nextAttempt } = givenDemoted({ storage: undefined })
    vi.unstubAllGlobals()
    link(1).end()
    await nextAttempt()

    expect(dials()).toEqual([1, 2, 0])
  })

  const junk = ['', 'null', '{"best":1}', 'NaN,NaN', '9,1700000000000', '-1e9,1700000000000,x,y,z', '1.5', ',,,,,,,']

  test.each(junk)('[FB4] what is no memory of ours changes nothing that matters: %j', async (text) => {
    const storage = { ...fakeStorage(), getItem: () => text }
    const { client, link, dials, environment, carrier } = givenFallback({ storage })
    client.connect()
    await environment.advance(4999)
    expect(dials().reduce((sum, one) => sum + one)).toBe(1)
    await environment.advance(1)
    const second = dials().lastIndexOf(1) as 0 | 1 | 2
    link(second).open()

    expect(carrier()).toBe(['first', 'second', 'third'][second])
  })
})

describe('what a good dial took', () => {
  /** The first has opened after so long, in an earlier visit. */
  async function givenDialed(took: number, options: Parameters<typeof givenFallback>[0] = {}) {
    const storage = fakeStorage()
    const { client, environment, link } = givenFallback({ ...options, storage })
    client.connect()
    await environment.advance(took)
    link(0).open()
    client.close()
    return givenFallback({ ...options, storage })
  }

  test('[FB6] a dial that was quick before gives way after two seconds', async () => {
    const { client, environment, dials } = await givenDialed(100)
    client.connect()
    await environment.advance(1999)
    expect(dials()).toEqual([1, 0, 0])
    await environment.advance(1)

    expect(dials()).toEqual([1, 1, 0])
  })

  test('[FB6] a dial that took longer before has four times as long', async () => {
    const { client, environment, dials } = await givenDialed(700)
    client.connect()
    await environment.advance(2799)
    expect(dials()).toEqual([1, 0, 0])
    await environment.advance(1)

    expect(dials()).toEqual([1, 1, 0])
  })

  test('[FB6] a dial that took long before has never more than half of what is left', async () => {
    const { client, environment, dials } = await givenDialed(3000)
    client.connect()
    await environment.advance(5000)

    expect(dials()).toEqual([1, 1, 0])
  })

  test('[FB6] what was learned of one does not concern the next', async () => {
    const { client, environment, dials } = await givenDialed(100)
    client.connect()
    await environment.advance(2000 + 3999)
    expect(dials()).toEqual([1, 1, 0])
    await environment.advance(1)

    expect(dials()).toEqual([1, 1, 1])
  })
})

import { describe, expect, test } from 'vitest'
import { createClient, type ErrorCode, RealtimeError, type Transport } from '../../src/index.ts'
import { type FakeEnvironment, fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'
import type { FallbackOptions } from '../../src/transports/experience.ts'
import { fallback } from '../../src/transports/fallback.ts'
import { codeThrownBy, rawTransport, say } from '../circumstances.ts'
import { linkRequest, recordLink } from '../contract/recorded-link.ts'
import { heldBackEnvironment } from '../held-back-environment.ts'
import { givenDemoted, givenFallback } from './falling-back.ts'

describe('within one attempt', () => {
  test('[FB1] the first that opens carries', () => {
    const { client, link, dials, carrier } = givenFallback()
    client.connect()
    link(0).open()

    expect(carrier()).toBe('first')
    expect(dials()).toEqual([1, 0, 0])
  })

  test('[FB1] where the first is refused, the next carries on, and nobody is told of a failure', () => {
    const { told, carrier } = givenDemoted()

    expect(carrier()).toBe('second')
    expect(told.statuses).toEqual(['connecting', 'open'])
    expect(told.codes).toEqual([])
  })

  test('[FB1][FB6] one that hangs has half of the attempt, and the next half of the rest', async () => {
    const { client, environment, dials } = givenFallback({ openTimeout: 8000 })
    client.connect()
    await environment.advance(3999)
    expect(dials()).toEqual([1, 0, 0])
    await environment.advance(1)
    expect(dials()).toEqual([1, 1, 0])
    await environment.advance(2000)
    expect(dials()).toEqual([1, 1, 1])
    await environment.advance(1999)

    expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  })

  test('[FB6] what was refused at once leaves its time to the next', async () => {
    const { client, environment, link, dials } = givenFallback()
    client.connect()
    await environment.advance(1000)
    link(0).end()
    await environment.advance(4499)
    expect(dials()).toEqual([1, 1, 0])
    await environment.advance(1)

    expect(dials()).toEqual([1, 1, 1])
  })

  test('[FB1] a link that opens in time is heard behind the end of its share, for which a busy page was late', async () => {
    const { client, environment, link, dials, carrier } = givenFallback()
    client.connect()
    environment.setTimer(() => link(0).open(), 5000)
    await environment.advance(5000)

    expect([carrier(), dials()]).toEqual(['first', [1, 0, 0]])
  })

  test('[FB1][FB6] in a hidden page whose timers take a minute each, the next has a minute to open, too', async () => {
    const { client, environment, fakes, link } = givenFallback({ environment: heldBackEnvironment(0) })
    client.connect()
    await environment.advance(60_000)
    expect(fakes.map(({ links }) => links.length)).toEqual([1, 1, 0])
    link(1).open()
    await environment.advance(120_000)

    expect(client.state).toMatchObject({ status: 'open', transport: 'second' })
  })

  test('[FB1] in an environment that knows no hidden pages, the next is dialed as well', async () => {
    const environment: FakeEnvironment = Object.assign(fakeEnvironment(), { isHidden: undefined })
    const { client, dials } = givenFallback({ environment })
    client.connect()
    await environment.advance(5000)

    expect(dials()).toEqual([1, 1, 0])
  })

  test('[FB6] the last has what is left, and the deadline is that of the attempt', async () => {
    const { client, environment, link } = givenFallback()
    client.connect()
    link(0).end()
    link(1).end()
    await environment.advance(9999)
    expect(client.state.status).toBe('connecting')
    await environment.advance(1)

    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
  })

  test('[FB6] a list within a list divides its share', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => fakeTransport({ name }))
    const request = linkRequest()
    const nested = fallback([a, b] as never, { storage: false })
    const attempt = recordLink(fallback([nested, c] as never, { storage: false }), request)
    const { environment } = request as unknown as { environment: { advance(ms: number): Promise<void> } }
    await environment.advance(2500)
    b?.links[0]?.open()

    expect(attempt.reports).toEqual(['opened'])
    expect(c?.links).toEqual([])
  })

  test('[FB1] in a list within a list it is the innermost that is told', () => {
    const inner = fakeTransport({ name: 'inner' })
    const client = createClient(fallback([fallback([inner], { storage: false })], { storage: false }), {
      environment: fakeEnvironment(),
    })
    client.connect()
    inner.links[0]?.open()

    expect(client.state).toMatchObject({ transport: 'inner' })
    client.close()
  })

  test('[FB6] one whose time is over tells what to look at', async () => {
    const clue = { hint: 'A proxy may block it.' }
    const silent: Transport = { name: 'silent', open: () => ({ clue, close() {} }) }
    const last = fakeTransport()
    const environment = fakeEnvironment()
    const { errors } = recordLink(fallback([silent, last], { storage: false }), { environment })
    await environment.advance(5000)
    last.links[0]?.end()

    expect(errors).toMatchObject([{ code: 'timeout', message: 'Not open in 5000 ms.', ...clue }])
  })

  test('[FB1] meta.transport and the protocol are those of the one that carries', () => {
    const raw = rawTransport()
    const seen: unknown[] = []
    recordOpened(raw, seen)
    raw.links[0]?.observer.opened({ protocol: 'chat.2' })
    const { client, link } = givenDemoted()
    client.on('news', (_, meta) => seen.push(meta.transport))
    say(link(1), 'news')

    expect(seen).toEqual([{ transport: 'raw', protocol: 'chat.2' }, 'second'])
  })
})

function recordOpened(raw: ReturnType<typeof rawTransport>, seen: unknown[]): void {
  const ignore = () => {}
  fallback([raw], { storage: false }).open(linkRequest(), {
    opened: (info) => seen.push(info),
    received: ignore,
    alive: ignore,
    retryAfter: ignore,
    interrupted: ignore,
    ended: ignore,
  })
}

describe('what is evidence', () => {
  const moves: readonly ErrorCode[] = ['unreachable', 'timeout', 'not-a-stream', 'unsupported', 'insecure']
  const decided: readonly ErrorCode[] = ['refused', 'unauthorized', 'ended', 'invalid-config']

  test.each(moves)("[FB1] '%s' moves down", (code) => {
    const { client, link, dials } = givenFallback()
    client.connect()
    link(0).end({ code })

    expect(dials()).toEqual([1, 1, 0])
  })

  test.each(decided)("[FB1] '%s' does not move down, and is the end of the attempt", (code) => {
    const { client, link, dials, told } = givenFallback({ reconnect: false })
    client.connect()
    link(0).end({ code })

    expect(told.codes).toEqual([code])
    expect(dials()).toEqual([1, 0, 0])
  })

  test('[FB1] a second refusal in a row closes, as without a list', () => {
    const { client, link, dials } = givenFallback()
    client.connect()
    link(0).end({ code: 'unauthorized' })
    link(0).end({ code: 'unauthorized' })

    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unauthorized' } })
    expect(dials()).toEqual([2, 0, 0])
  })

  test('[FB2][BO4] a server that asks to be left alone is not asked by other means', () => {
    const { client, link, dials, environment } = givenFallback()
    client.connect()
    link(0).end({ status: 503, retryAfter: 20_000 })

    expect(dials()).toEqual([1, 0, 0])
    expect(client.state).toMatchObject({ status: 'waiting', error: { status: 503, retryAfter: 20_000 } })
    expect((client.state as { retryAt: number }).retryAt - environment.now()).toBeGreaterThanOrEqual(20_000)
  })

  test("[FB1] what an error's own word forbids to try again does not move", () => {
    const raw = rawTransport()
    const second = fakeTransport()
    const attempt = recordLink(fallback([raw, second], { storage: false }))
    const error = new RealtimeError('unreachable', 'no', { retryable: false })
    raw.links[0]?.observer.ended(error)

    expect(attempt.errors).toEqual([error])
    expect(second.links).toEqual([])
  })

  test('[FB1] one that throws in `open` is unreachable', () => {
    const cause = new Error('no more')
    const raw = rawTransport({
      open() {
        throw cause
      },
    })
    const last = fakeTransport()
    const attempt = recordLink(fallback([raw, last], { storage: false }))
    last.links[0]?.end()

    expect(attempt.errors).toMatchObject([{ code: 'unreachable', cause }])
  })
})

describe('where all fail', () => {
  const ends = [
    ["the first candidate's is told", [{}, {}, {}], { code: 'unreachable' }],
    ['one that may be tried again is told first', [{ code: 'unsupported' }, {}, {}], { code: 'unreachable' }],
    ['an answer of a server says more', [{}, { status: 502 }, {}], { code: 'unreachable', status: 502 }],
    [
      'a page instead of a stream closes nothing by itself',
      [{}, { code: 'not-a-stream', status: 200 }, {}],
      { code: 'unreachable' },
    ],
    ['a page at last closes nothing either', [{}, {}, { code: 'not-a-stream', status: 200 }], { code: 'unreachable' }],
    ['a page first closes nothing either', [{ code: 'not-a-stream', status: 200 }, {}, {}], { code: 'unreachable' }],
  ] as const

  test.each(ends)('[FB2] %s', (_, failures, error) => {
    const { client, link, told } = givenFallback()
    client.connect()
    for (const [position, failure] of failures.entries()) link(position as 0 | 1 | 2).end(failure)

    expect(client.state).toMatchObject({ status: 'waiting', error })
    expect(told.codes).toEqual(['unreachable'])
  })

  test('[FB2] a platform that lacks all of them closes the client', () => {
    const { client, link } = givenFallback()
    client.connect()
    for (const position of [0, 1, 2] as const) link(position).end({ code: 'unsupported' })

    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unsupported' } })
  })

  test('[FB2] the first is tried first again', async () => {
    const { client, link, dials, nextAttempt } = givenFallback()
    client.connect()
    for (const position of [0, 1, 2] as const) link(position).end()
    await nextAttempt()

    expect(dials()).toEqual([2, 1, 1])
  })
})

describe('what is given', () => {
  const wrong = [
    ['no list', undefined],
    ['a transport instead of a list', fakeTransport()],
    ['an empty list', []],
    ['a URL in the list', ['/live']],
    ['a hole in the list', [undefined]],
  ] as const

  test.each(wrong)("[TR7] %s is 'invalid-config'", (_, transports) => {
    expect(codeThrownBy(() => fallback(transports as never))).toBe('invalid-config')
  })

  test.each([-1, '1h', Number.NaN])("[TR7] rememberFor: %s is 'invalid-config'", (rememberFor) => {
    expect(codeThrownBy(() => fallback([fakeTransport()], { rememberFor } as FallbackOptions))).toBe('invalid-config')
  })

  test('[TR7] it can send if all of them can', () => {
    const mixed = fallback([fakeTransport(), fakeTransport({ duplex: false })])

    expect(fallback([fakeTransport(), fakeTransport()])).toMatchObject({ duplex: true })
    expect('duplex' in mixed).toBe(false)
    expect(recordLink(mixed).link.send).toBeUndefined()
  })
})

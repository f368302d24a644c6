import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { isRealtimeError, readEvents } from '../../src/sse/index.ts'
import { answerWith, collect, streamOf } from './ways-to-read.ts'

/** What reading it throws, which has to come before the first event. */
async function thrownBy(response: Response) {
  const { events, error } = await collect(readEvents(response))
  expect(events).toEqual([])
  if (!isRealtimeError(error)) throw new Error('It throws nothing of ours.')
  return error
}

function refusal(status: number, headers: HeadersInit = {}): Response {
  return new Response('data: not this\n\n', { status, headers: { 'content-type': 'text/event-stream', ...headers } })
}

describe('an answer that is no stream', () => {
  test.each([
    [400, 'refused', false],
    [401, 'unauthorized', false],
    [403, 'refused', false],
    [404, 'refused', false],
    [408, 'refused', true],
    [425, 'refused', true],
    [429, 'refused', true],
    [500, 'refused', true],
    [502, 'refused', true],
    [503, 'refused', true],
    [206, 'refused', false],
  ])('%d throws before the first event: %s, and whether another request may help', async (status, code, retryable) => {
    const hint = expect.stringContaining('text()')
    expect(await thrownBy(refusal(status))).toMatchObject({ code, status, retryable, hint })
  })

  test.each([
    ['text/html', '<p>Sign in</p>'],
    ['application/json', '{}'],
    ['text/event-stream-x', 'data: a\n\n'],
    ['text/event', 'data: a\n\n'],
    ['application/text/event-stream', 'data: a\n\n'],
    ['', 'data: a\n\n'],
  ])("200 with the content type %j is 'not-a-stream', with a hint", async (type, body) => {
    const error = await thrownBy(answerWith(body, { headers: { 'content-type': type } }))

    expect(error).toMatchObject({ code: 'not-a-stream', status: 200, retryable: false })
    expect(error.hint).toMatch(/text\/event-stream.*(sign-in|portal)/)
  })

  test.each([
    'text/event-stream',
    'Text/Event-Stream; charset=x',
    'text/event-stream;charset=utf-8',
    'TEXT/EVENT-STREAM ;a=b',
  ])('200 with the content type %j is a stream', async (type) => {
    const { events } = await collect(readEvents(answerWith('data: a\n\n', { headers: { 'content-type': type } })))

    expect(events).toMatchObject([{ data: 'a' }])
  })

  test('204 has no events, and no error', async () => {
    expect(await collect(readEvents(new Response(null, { status: 204 })))).toEqual({ events: [] })
  })

  test('an answer of which nothing is known but that it failed is refused', async () => {
    expect(await thrownBy(Response.error())).toMatchObject({ code: 'refused', status: 0, retryable: false })
  })
})

describe('Retry-After', () => {
  test('in seconds is told in milliseconds', async () => {
    expect(await thrownBy(refusal(503, { 'retry-after': '120' }))).toMatchObject({ status: 503, retryAfter: 120_000 })
  })

  test('as a date is told in milliseconds from now', async () => {
    vi.useFakeTimers({ now: Date.UTC(2030, 0, 1, 12, 0, 0), toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const headers = { 'retry-after': 'Tue, 01 Jan 2030 12:00:30 GMT' }

    expect((await thrownBy(refusal(503, headers))).retryAfter).toBe(30_000)
  })

  test('as a date that has passed is no time', async () => {
    const headers = { 'retry-after': 'Tue, 01 Jan 2019 12:00:30 GMT' }

    expect((await thrownBy(refusal(503, headers))).retryAfter).toBe(0)
  })

  test.each(['', 'soon'])('of %j is left out', async (value) => {
    expect('retryAfter' in (await thrownBy(refusal(503, { 'retry-after': value })))).toBe(false)
  })
})

describe('a body that is not read', () => {
  test.each([
    ['of a 500', 500, 'text/event-stream'],
    ['of a 401', 401, 'text/event-stream'],
    ['of a page', 200, 'text/html'],
  ])('%s is cancelled', async (_what, status, type) => {
    let cancels = 0
    const body = new ReadableStream({
      cancel: () => {
        cancels += 1
      },
    })
    await thrownBy(new Response(body, { status, headers: { 'content-type': type } }))

    expect(cancels).toBe(1)
  })

  test('says nothing of URL, header or content in its error', async () => {
    const headers = { 'retry-after': '1', 'x-token': 'secret' }
    const { message, hint, cause } = await thrownBy(new Response('secret', { status: 500, headers }))

    expect({ message, hint, cause }).toEqual({
      message: 'Answered with 500.',
      hint: 'Where response.ok is false, look at its text() instead.',
      cause: undefined,
    })
  })

  test('a failed answer throws once, and is then done', async () => {
    const events = readEvents(refusal(500))
    await expect(events.next()).rejects.toMatchObject({ status: 500 })

    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  test('the status of a bare stream is not known: it is read', async () => {
    const { body } = refusal(500)

    expect(await collect(readEvents(body ?? streamOf([])))).toMatchObject({ events: [{ data: 'not this' }] })
  })
})

import { Readable } from 'node:stream'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { RealtimeError } from '../../src/errors.ts'
import type { Attempt, EndPolicy } from '../../src/transport.ts'
import { type FetchStreamOptions, fetchStream } from '../../src/transports/fetch-stream.ts'
import { codeThrownBy } from '../circumstances.ts'
import { givenAsked, givenSecondTry, type Streaming } from './streaming.ts'

afterEach(() => vi.unstubAllGlobals())

test.each([5, true, {}])('[TR7] %o as lastEventIdParam throws', (lastEventIdParam) => {
  expect(codeThrownBy(() => fetchStream('/feed', { lastEventIdParam } as never))).toBe('invalid-config')
})

describe('what is asked', () => {
  test('[FS1] without options it is a GET of an event stream, which no cache may answer', async () => {
    const { request } = await givenAsked()

    expect(request()).toMatchObject({ url: 'https://example.org/feed', method: 'GET' })
    expect(request().init).toMatchObject({ credentials: 'same-origin', cache: 'no-store', body: null })
    expect(Object.fromEntries(request().headers)).toEqual({ accept: 'text/event-stream' })
  })

  test('[FS1] with a body it is a POST', async () => {
    const { request } = await givenAsked({ body: '{"prompt":"hello"}' })

    expect(request()).toMatchObject({ method: 'POST', init: { body: '{"prompt":"hello"}' } })
  })

  test('[FS1] an empty body is a body', async () => {
    const { request } = await givenAsked({ body: '' })

    expect(request()).toMatchObject({ method: 'POST', init: { body: '' } })
  })

  test('[FS1] the method is the one given', async () => {
    const { request } = await givenAsked({ method: 'PUT', body: 'x' })

    expect(request().method).toBe('PUT')
  })

  test('[FS1] headers are sent beside our own', async () => {
    const { request } = await givenAsked({ headers: { authorization: 'Bearer a' } })

    expect(Object.fromEntries(request().headers)).toEqual({ accept: 'text/event-stream', authorization: 'Bearer a' })
  })

  test('[FS1] the `accept` of the user counts before our own', async () => {
    const { request } = await givenAsked({ headers: [['Accept', 'text/event-stream, application/json']] })

    expect(request().headers.get('accept')).toBe('text/event-stream, application/json')
  })

  test("[FS1] the user's own Headers stay as they were", async () => {
    const headers = new Headers({ a: 'b' })
    await givenAsked({ headers }, { lastEventId: '7' })

    expect(Object.fromEntries(headers)).toEqual({ a: 'b' })
  })

  test.each(['omit', 'include'] as const)('[FS1] credentials may be %s', async (credentials) => {
    const { request } = await givenAsked({ credentials })

    expect(request().init.credentials).toBe(credentials)
  })

  test('[TR7] a path is resolved against the page', async () => {
    const { request } = await givenAsked({ url: '/feed?a=b#here' })

    expect(request().url).toBe('http://localhost/feed?a=b')
  })
})

describe('at every attempt', () => {
  const parts = ['url', 'headers', 'body'] as const

  test('[FS1][TR6] URL, headers and body are asked for anew, with the context of the attempt', async () => {
    const asked: unknown[] = []
    const note = (part: string, { attempt, lastEventId, error, signal }: Attempt) =>
      asked.push([part, attempt, lastEventId, error?.code, signal.aborted])
    const { requests, send, fail, environment, answer } = await givenAsked({
      url(context) {
        note('url', context)
        return `https://example.org/${context.attempt}`
      },
      async headers(context) {
        note('headers', context)
        return { attempt: `${context.attempt}` }
      },
      body(context) {
        note('body', context)
        return `body ${context.attempt}`
      },
    })
    await answer()
    await send('id: 7\ndata: x\n\n')
    await fail()
    await environment.advance(600)

    expect(asked).toEqual([
      ...parts.map((part) => [part, 1, '', undefined, false]),
      ...parts.map((part) => [part, 2, '7', 'lost', false]),
    ])
    expect(requests.map(({ url, headers, init }) => [url, headers.get('attempt'), init.body])).toEqual([
      ['https://example.org/1', '1', 'body 1'],
      ['https://example.org/2', '2', 'body 2'],
    ])
  })

  test('[FS1] a function may make a stream as body each time', async () => {
    const { requests } = await givenSecondTry({ body: () => new Blob(['x']).stream() })
    const bodies = requests.map(({ init }) => init.body)

    expect(bodies.map((body) => body instanceof ReadableStream)).toEqual([true, true])
    expect(bodies[0]).not.toBe(bodies[1])
    expect(requests[1]?.init).toMatchObject({ method: 'POST', duplex: 'half' })
  })

  test('[FS1] a body that is provided as null leaves a GET', async () => {
    const { request } = await givenAsked({ body: () => null })

    expect(request().method).toBe('GET')
  })

  test.each(parts)('[TR6] a provider of the %s that throws is a failed attempt, with its cause', async (part) => {
    const cause = new Error('no token')
    const { client, requests } = await givenAsked({
      [part]() {
        throw cause
      },
    })

    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable', cause } })
    expect(requests).toEqual([])
  })

  test.each(parts)("[TR6] a provider of the %s that never settles runs into the attempt's deadline", async (part) => {
    const { client, environment, requests } = await givenAsked({ [part]: () => new Promise(() => {}) })
    await environment.advance(10_000)

    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
    expect(requests).toEqual([])
  })

  test.each(parts)('[TR6] a provider of the %s that settles after close() asks nothing', async (part) => {
    let settle: (value: unknown) => void = () => {}
    const answer = new Promise((resolve) => {
      settle = resolve
    })
    const { client, environment, errors, requests } = await givenAsked({ [part]: () => answer })
    client.close()
    settle(part === 'url' ? '/feed' : undefined)
    await environment.advance(0)

    expect([requests, errors]).toEqual([[], []])
  })
})

describe('what cannot be asked', () => {
  const wrong: readonly (readonly [string, FetchStreamOptions])[] = [
    ['a method that fetch forbids', { method: 'TRACE' }],
    ['a method that is none', { method: 'GET it' }],
    ['a body with GET', { method: 'GET', body: 'x' }],
    ['an object as body, for which fetch would send its name', { body: { a: 1 } as never }],
    ['a header name that is none', { headers: { 'bad name': 'x' } }],
    ['a header value over two lines', { headers: { a: 'b\nc' } }],
    ['credentials that are none', { credentials: 'maybe' as RequestCredentials }],
    ['a fetch that is none', { fetch: {} as typeof fetch }],
    ['a policy that is none', { whenEnded: 'stop' as unknown as EndPolicy }],
    ['a stream that could be sent once', { body: new Blob(['x']).stream() }],
    ["a stream of Node's that could be sent once", { body: Readable.from(['x']) as never }],
  ]

  test.each(wrong)("[FS1][TR7] %s throws 'invalid-config' at once", (_, options) => {
    expect(codeThrownBy(() => fetchStream('https://example.org/', options))).toBe('invalid-config')
  })

  test.each(['http://[', 'ftp://example.org/', 'https://user:pass@example.org/'])(
    "[TR7] the URL %s throws 'invalid-config' at once",
    (url) => {
      expect(codeThrownBy(() => fetchStream(url))).toBe('invalid-config')
    },
  )

  test.each<[string, Streaming]>([
    ['a URL with a password', { url: () => 'https://user:pass@example.org/' }],
    ['a header name that is none', { headers: () => ({ 'bad name': 'x' }) }],
    ['a header value over two lines', { headers: async () => ({ a: 'b\nc' }) }],
    ['a body with GET', { method: 'GET', body: () => 'x' }],
  ])("[FS1][TR7] %s from a provider closes with 'invalid-config'", async (_, options) => {
    const { client, environment, requests } = await givenAsked(options)

    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'invalid-config' } })
    expect(requests).toEqual([])
    expect(environment.held).toBe(0)
  })

  test('a platform without fetch is told apart from a network that fails', async () => {
    vi.stubGlobal('fetch', undefined)
    const { client } = await givenAsked({ fetch: undefined })

    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unsupported', retryable: false } })
  })

  test("the platform's fetch of the moment is used", async () => {
    const fetch = vi.fn(() => new Promise(() => {}))
    const transport = { fetch: undefined }
    vi.stubGlobal('fetch', fetch)
    await givenAsked(transport)

    expect(fetch).toHaveBeenCalledOnce()
  })

  test('[TR1] a fetch that throws is a failed attempt, with its cause', async () => {
    const cause = new Error('a bug')
    const { client } = await givenAsked({
      fetch() {
        throw cause
      },
    })

    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable', cause } })
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'hello'],
    ['an empty object', {}],
    ['a stream that somebody else reads', lockedStream()],
  ])('[TR1] a fetch that answers with %s is a failed attempt', async (_, answer) => {
    const { client } = await givenAsked({ fetch: async () => answer as Response })

    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable' } })
  })

  test.each([
    [200, 'not-a-stream'],
    [202, 'refused'],
    [403, 'refused'],
  ])(
    '[FS2] what is no stream is judged by its status %i, though a fetch has read what it says',
    async (status, code) => {
      const { client } = await givenAsked({
        async fetch() {
          const response = new Response('{"error":"no"}', { status, headers: { 'content-type': 'application/json' } })
          await response.text()
          return response
        },
      })
      expect(client.state).toMatchObject({ status: 'closed', error: { code, status } })
    },
  )

  test('[TR2] an error of the library that a fetch throws keeps its code', async () => {
    const error = new RealtimeError('unauthorized', 'Locked.', { retryable: false })
    const { client } = await givenAsked({ fetch: () => Promise.reject(error) })

    expect(client.state).toEqual({ status: 'closed', error })
  })
})

function lockedStream(): Response {
  const response = new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } })
  response.body?.getReader()
  return response
}

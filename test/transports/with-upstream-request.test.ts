import { afterEach, describe, expect, test, vi } from 'vitest'
import { binary } from '../../src/codecs/binary.ts'
import { fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'
import type { WithUpstreamOptions } from '../../src/transports/upload.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'
import { codeThrownBy } from '../circumstances.ts'
import { givenPosting } from './posting.ts'

afterEach(() => vi.unstubAllGlobals())

describe('what is asked', () => {
  test('[UP1] without options it is a POST of JSON, with nothing but the key', async () => {
    const { send, request } = givenPosting()
    await send({ text: 'hello' })

    expect(request()).toMatchObject({ url: 'https://example.org/up', method: 'POST' })
    expect(request().init).toMatchObject({
      body: '{"type":"note","data":{"text":"hello"}}',
      credentials: 'same-origin',
      cache: 'no-store',
    })
    expect(Object.fromEntries(request().headers)).toEqual({
      'content-type': 'application/json',
      'idempotency-key': expect.any(String),
    })
  })

  test('[UP1] bytes go as application/octet-stream, as they were when they were sent', async () => {
    const { client, request, settled } = givenPosting({}, { codec: binary() })
    const bytes = Uint8Array.of(0, 1, 2, 3)
    client.send('message', bytes.subarray(1, 3))
    bytes.fill(9)
    await settled()

    expect(request().headers.get('content-type')).toBe('application/octet-stream')
    expect(request().init.body).toEqual(Uint8Array.of(1, 2))
  })

  test.each([{ 'Content-Type': 'text/plain' }, [['content-type', 'text/plain']] as [string, string][]])(
    '[UP1] a content type of the headers counts: %j',
    async (headers) => {
      const { send, request } = givenPosting({ headers })
      await send(1)

      expect(request().headers.get('content-type')).toBe('text/plain')
    },
  )

  test("[UP1] method and credentials are the given ones, and the user's own Headers stay as they were", async () => {
    const headers = new Headers({ authorization: 'Bearer a' })
    const { send, request } = givenPosting({ method: 'PUT', credentials: 'include', headers })
    await send(1)

    expect(request()).toMatchObject({ method: 'PUT', init: { credentials: 'include' } })
    expect(request().headers.get('authorization')).toBe('Bearer a')
    expect(Object.fromEntries(headers)).toEqual({ authorization: 'Bearer a' })
  })

  test('[UP1][TR7] a relative URL is resolved against the page', async () => {
    const { send, request } = givenPosting(
      { url: '/messages?room=1' },
      { environment: fakeEnvironment({ page: 'https://page.test/chat/' }) },
    )
    await send(1)

    expect(request().url).toBe('https://page.test/messages?room=1')
  })

  test("[UP1] without a fetch of its own it takes the platform's, as it is then", async () => {
    const posted: string[] = []
    const { send } = givenPosting({ fetch: undefined })
    vi.stubGlobal('fetch', async (url: string) => {
      posted.push(url)
      return new Response(null, { status: 204 })
    })
    await send(1)

    expect(posted).toEqual(['https://example.org/up'])
  })

  test("[UP1] where there is none, the message is dropped, told as 'unsupported'", async () => {
    const { send, told } = givenPosting({ fetch: undefined })
    vi.stubGlobal('fetch', undefined)
    await send(1, 2)

    expect(told.codes).toEqual(['unsupported', 'unsupported'])
  })

  test("[UP1][TR7] http: from an https page is 'insecure', once for each message", async () => {
    const { send, told, requests, environment } = givenPosting(
      { url: 'http://example.org/' },
      { environment: fakeEnvironment({ page: 'https://page.test/' }) },
    )
    await send(1)
    await environment.advance(60_000)

    expect(told.codes).toEqual(['insecure'])
    expect(requests).toHaveLength(0)
  })
})

describe('what the factory refuses', () => {
  const bad: Readonly<Record<string, () => unknown>> = {
    'no transport': () => withUpstream(undefined as never, '/'),
    'what is no transport': () => withUpstream({ name: 'x' } as never, '/'),
    'a URL that cannot be read': () => make('http://[s3cret'),
    'a URL of another scheme': () => make('ws://s3cret/'),
    'no URL': () => make(undefined as never),
    'a URL with user info': () => make('http://u:s3cret@a.test/'),
    'a bad header': () => make('/', { headers: { a: 's3cret\nb' } }),
    'a bad method': () => make('/', { method: 's3 cret' }),
    'a method without a body': () => make('/', { method: 'GET' }),
    'bad credentials': () => make('/', { credentials: 's3cret' as never }),
    'what is no fetch': () => make('/', { fetch: {} as never }),
  }

  test.each(Object.entries(bad))("[TR7] %s throws 'invalid-config', without quoting it", (_, act) => {
    expect(codeThrownBy(act)).toBe('invalid-config')
    expect(act).not.toThrow(/s3\s?cret/)
  })

  test('[TR7] a path without a page is not refused: the page comes later', () => {
    expect(codeThrownBy(() => make('/up'))).toBeUndefined()
  })
})

function make(url: string, options?: WithUpstreamOptions) {
  return withUpstream(fakeTransport({ duplex: false }), url, options)
}

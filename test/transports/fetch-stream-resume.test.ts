import { describe, expect, test } from 'vitest'
import { givenAsked, givenStream, type Streaming } from './streaming.ts'

/** The header of the request of a client whose last id is this. */
async function headerAfter(id: string, options?: Streaming): Promise<string | null> {
  const { request } = await givenAsked(options, { lastEventId: id })
  return request().headers.get('last-event-id')
}

describe('Last-Event-ID', () => {
  test('[FS3] it is not sent where there is no id', async () => {
    expect(await headerAfter('')).toBeNull()
  })

  test('[FS3][RS2] the id of the option goes out with the first attempt', async () => {
    expect(await headerAfter('7')).toBe('7')
  })

  test('[FS3][RS2] the newest id goes out with every attempt after it', async () => {
    const { request, send, fail, environment } = await givenStream()
    await send('id: 7\ndata: x\n\nid: 8\ndata: y\n\n')
    await fail()
    await environment.advance(600)
    expect(request().headers.get('last-event-id')).toBe('8')
    await fail()
    await environment.advance(2000)

    expect(request().headers.get('last-event-id')).toBe('8')
  })

  test('[FS3] an id that the stream has emptied is not sent any more', async () => {
    const { request, send, fail, environment } = await givenStream({}, { lastEventId: '7' })
    await send('id\ndata: x\n\n')
    await fail()
    await environment.advance(600)

    expect(request().headers.has('last-event-id')).toBe(false)
  })

  test('[FS3] it replaces the one that the user gives', async () => {
    expect(await headerAfter('8', { headers: { 'Last-Event-ID': '1' } })).toBe('8')
  })

  test.each(['naïve', 'Ω', '事件', '\u{1f511}', 'a\tb'])('[FS14] %j goes out as the bytes of its UTF-8', async (id) => {
    const bytes = Uint8Array.from((await headerAfter(id)) ?? '', (char) => char.charCodeAt(0))

    expect(new TextDecoder().decode(bytes)).toBe(id)
  })

  test.each([
    ['a NUL', 'a\0b'],
    ['a line feed', 'a\nb'],
    ['more than servers take', 'x'.repeat(2 ** 13)],
    ['a megabyte', 'x'.repeat(2 ** 20)],
  ])('[FS14] an id with %s stays away, and the stream is asked for', async (_, id) => {
    const { requests, request } = await givenAsked({}, { lastEventId: id })

    expect(requests).toHaveLength(1)
    expect(request().headers.has('last-event-id')).toBe(false)
  })
})

describe('lastEventIdParam', () => {
  async function urlAfter(id: string, url = 'https://example.org/feed'): Promise<string> {
    const { request } = await givenAsked({ lastEventIdParam: 'since', url }, { lastEventId: id })
    expect(request().headers.has('last-event-id')).toBe(false)
    return request().url
  }

  test('[FS15][RS2] the id goes into the query, and into no header', async () => {
    expect(await urlAfter('7')).toBe('https://example.org/feed?since=7')
  })

  test('[FS15] the rest of the query stays as it is written', async () => {
    expect(await urlAfter('7', 'https://example.org/feed?sig=a%2Fb+c')).toBe(
      'https://example.org/feed?sig=a%2Fb+c&since=7',
    )
  })

  test('[FS15] one that is in the URL is replaced', async () => {
    expect(await urlAfter('7', 'https://example.org/feed?since=1&a=b')).toBe('https://example.org/feed?since=7&a=b')
  })

  test('[FS15] without an id the URL stays as it is', async () => {
    expect(await urlAfter('')).toBe('https://example.org/feed')
  })

  test('[FS14][FS15] half a character in an id does not stop the client', async () => {
    expect(new URL(await urlAfter('a\ud800')).searchParams.get('since')).toBe('a\ufffd')
  })

  test('[FS14][FS15] an id that is too long for a URL is left out', async () => {
    expect(await urlAfter('a'.repeat(10_000))).toBe('https://example.org/feed')
  })

  test('[FS14][FS15] any id can go into the query', async () => {
    const url = await urlAfter('a\0b&c=事')

    expect(new URL(url).searchParams.get('since')).toBe('a\0b&c=事')
  })

  test('[FS3] `false` is the header', async () => {
    expect(await headerAfter('7', { lastEventIdParam: false })).toBe('7')
  })
})

import { describe, expect, test } from 'vitest'
import { until } from '../contract/until.ts'
import { type Asked, connectTo, startStreams, stream } from './streamed.ts'

describe('what the server is asked', () => {
  test('[FS1] method, headers and body arrive, and are asked for anew at every attempt', async () => {
    const server = await startStreams((asked) => stream(asked, 'data: x\n\n').end())
    connectTo(`${server.origin}/feed?a=b`, {
      method: 'PUT',
      headers: async ({ attempt }) => ({ authorization: `Bearer ${attempt}` }),
      body: ({ attempt }) => `question ${attempt}`,
    })
    await until('three requests', () => server.asked.length >= 3)

    expect(server.asked.slice(0, 3).map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
      'PUT /feed?a=b question 1',
      'PUT /feed?a=b question 2',
      'PUT /feed?a=b question 3',
    ])
    expect(server.asked[1]?.headers).toMatchObject({ accept: 'text/event-stream', authorization: 'Bearer 2' })
  })

  test('[FS1] a body alone makes it a POST', async () => {
    const server = await startStreams((asked) => stream(asked))
    connectTo(server.origin, { body: new URLSearchParams({ a: 'b c' }) })
    await until('the request', () => server.asked.length > 0)

    expect(server.asked[0]).toMatchObject({ method: 'POST', body: 'a=b+c' })
    expect(server.asked[0]?.headers['content-type']).toContain('application/x-www-form-urlencoded')
  })

  test('[FS1] a stream that a function makes is sent each time', async () => {
    const server = await startStreams((asked) => stream(asked).end())
    connectTo(server.origin, { body: ({ attempt }) => new Blob([`stream ${attempt}`]).stream() })
    await until('two requests', () => server.asked.length >= 2)

    expect(server.asked.slice(0, 2).map(({ body }) => body)).toEqual(['stream 1', 'stream 2'])
  })
})

describe('Last-Event-ID', () => {
  /** The header of the try that follows the loss of a stream with this id, as the text of its bytes. */
  async function headerAfter(id: string): Promise<string | undefined> {
    const server = await startStreams((asked, number) => {
      if (number === 1) stream(asked, `id: ${id}\ndata: x\n\n`).end()
      else stream(asked, 'data: again\n\n')
    })
    const { messages, errors } = connectTo(server.origin)
    await until('the next try', () => messages.includes('again') || errors.length > 1)
    expect(errors).toMatchObject([{ code: 'lost' }])
    const header = server.asked[1]?.headers['last-event-id']
    return header === undefined ? undefined : `${Buffer.from(`${header}`, 'latin1')}`
  }

  test.each(['7', 'naïve', '事件', '\u{1f511} key', 'a: b, c; d="e"', '{"at":7}'])(
    '[FS3][FS14][RS2] %s reaches the server whole',
    async (id) => {
      expect(await headerAfter(id)).toBe(id)
    },
  )

  test('[FS14] an id that no header can carry stays away, and the stream goes on', async () => {
    expect(await headerAfter('x'.repeat(2 ** 20))).toBeUndefined()
  })

  test.each(['\x01', '\x1f', '\x7f'])(
    '[FS14] an id with the control character %j stays away, and the stream goes on',
    async (id) => {
      expect(await headerAfter(`7${id}`)).toBeUndefined()
    },
  )

  test('[FS15][RS2] lastEventIdParam sends it in the query, and no header', async () => {
    const server = await startStreams((asked, number) => {
      if (number === 1) stream(asked, 'id: a b&c\ndata: x\n\n').end()
      else stream(asked)
    })
    connectTo(`${server.origin}/feed?room=1`, { lastEventIdParam: 'since' })
    await until('the second request', () => server.asked.length === 2)

    expect(server.asked.map(({ path }) => path)).toEqual(['/feed?room=1', '/feed?room=1&since=a%20b%26c'])
    expect(server.asked[1]?.headers).not.toHaveProperty('last-event-id')
  })

  test('[RS2][FS5] a stream that is cut again and again arrives complete, in order and once', async () => {
    const server = await startStreams((asked) => {
      const last = Number(asked.headers['last-event-id'] ?? 0)
      const events = [1, 2, 3].map((step) => `id: ${last + step}\ndata: ${last + step}\n\n`)
      // The last of them is cut off in the middle.
      stream(asked).end(`${events.join('')}id: ${last + 4}\ndata: ${last + 4}\n`)
    })
    const { messages, client } = connectTo(server.origin)
    await until('thirty messages', () => messages.length >= 30)
    client.close()

    expect(messages).toEqual(Array.from(messages, (_, index) => `${index + 1}`))
  })
})

describe('a redirect', () => {
  /** What the server is asked at the end of a redirect with this status, once the stream is open. */
  async function afterRedirect(status: number, options: Parameters<typeof connectTo>[1]): Promise<Asked | undefined> {
    const server = await startStreams((asked) => {
      if (asked.path === '/old') asked.response.writeHead(status, { location: '/new?a=b' }).end()
      else stream(asked, 'data: arrived\n\n')
    })
    const { messages, client } = connectTo(`${server.origin}/old`, options, { lastEventId: '7' })
    await until('the message', () => messages.length > 0)
    expect(client.state.status).toBe('open')
    expect(server.asked.map(({ path }) => path)).toEqual(['/old', '/new?a=b'])
    return server.asked.at(-1)
  }

  test.each([301, 302, 303, 307, 308])('[FS8] %d is followed, with headers and Last-Event-ID', async (status) => {
    const asked = await afterRedirect(status, { headers: { authorization: 'Bearer a' } })

    expect(asked).toMatchObject({ method: 'GET', body: '' })
    expect(asked?.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer a',
      'last-event-id': '7',
    })
  })

  test.each([307, 308])('[FS8] after a %d a POST stays one, with its body', async (status) => {
    expect(await afterRedirect(status, { body: 'question' })).toMatchObject({ method: 'POST', body: 'question' })
  })

  test.each([301, 302, 303])('[FS8] after a %d a POST becomes a GET, as fetch has it', async (status) => {
    expect(await afterRedirect(status, { body: 'question' })).toMatchObject({ method: 'GET', body: '' })
  })

  test('[FS8] each attempt begins at the URL that was given', async () => {
    const server = await startStreams((asked) => {
      if (asked.path === '/old') asked.response.writeHead(308, { location: '/new' }).end()
      else stream(asked).end()
    })
    connectTo(`${server.origin}/old`)
    await until('the second attempt', () => server.asked.length >= 4)

    expect(server.asked.slice(0, 4).map(({ path }) => path)).toEqual(['/old', '/new', '/old', '/new'])
  })

  test('[FS8] one that never ends is a failed attempt', async () => {
    const server = await startStreams(({ response }) => response.writeHead(302, { location: '/again' }).end())
    const { client, reached } = connectTo(server.origin, {}, { reconnect: { minDelay: 10_000 } })
    await reached('waiting')

    expect(client.state).toMatchObject({ error: { code: 'unreachable', retryable: true } })
  })

  test('[FS2][FS8] what a redirect leads to is judged as if it had been asked', async () => {
    const server = await startStreams((asked) => {
      if (asked.path === '/old') asked.response.writeHead(302, { location: '/sign-in' }).end()
      else asked.response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in</p>')
    })
    const { client, reached } = connectTo(`${server.origin}/old`)
    await reached('closed')

    expect(client.state).toMatchObject({ error: { code: 'not-a-stream', status: 200 } })
  })
})

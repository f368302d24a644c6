import { describe, expect, test } from 'vitest'
import { RealtimeError } from '../../src/errors.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { recordLink } from '../contract/recorded-link.ts'
import { givenAsked, givenStream, type Streaming } from './streaming.ts'

type Asked = Awaited<ReturnType<typeof givenAsked>>

/** Every way in which an answer ends that the client does not go on reading, from the request to the end. */
const ends: Readonly<Record<string, (asked: Asked) => Promise<unknown>>> = {
  ...Object.fromEntries(
    [400, 403, 408, 425, 429, 500, 503].map((status) => [`a ${status}`, ({ answer }: Asked) => answer(status)]),
  ),
  'a page': ({ answer }) => answer(200, { 'content-type': 'text/html' }),
  async 'an event that is too large'({ answer, send }) {
    await answer()
    await send(`data: ${'x'.repeat(101)}\n\n`)
  },
  async silence({ answer, environment }) {
    await answer()
    await environment.advance(1500)
  },
  async 'close()'({ answer, client }) {
    await answer()
    client.close()
  },
  async 'close() before the answer'({ answer, client }) {
    client.close()
    await answer()
  },
  async 'close() in a listener'({ answer, client, send }) {
    client.on('message', () => client.close())
    await answer()
    await send('data: x\n\n')
  },
  async 'close() when it opens'({ answer, client }) {
    client.onState(({ status }) => status === 'open' && client.close())
    await answer()
  },
  async 'reconnect()'({ answer, client }) {
    await answer()
    client.reconnect()
  },
  async 'the deadline before the answer'({ answer, environment, request }) {
    const first = request()
    await environment.advance(10_000)
    first.answer()
    await environment.advance(0)
    return answer
  },
  async 'a handshake that rejects'({ answer }) {
    await answer()
  },
  async 'a page that is frozen'({ answer, environment }) {
    await answer()
    environment.freeze()
  },
  async 'a page that goes into the cache'({ answer, environment }) {
    await answer()
    environment.pageHide(true)
  },
}

const heartbeat = { idle: 1000, timeout: 500 }

/** The first request of a client to which this has happened. */
async function afterEnd(what: string, streaming: Streaming = {}) {
  const handshake = () => Promise.reject(new Error('not welcome'))
  const asked = await givenAsked(streaming, {
    heartbeat,
    maxMessageSize: 100,
    ...(what.includes('handshake') && { handshake }),
  })
  await ends[what]?.(asked)
  await asked.environment.advance(0)
  const [request] = asked.requests
  return { ...asked, first: request }
}

describe('the body of an answer', () => {
  test.each(Object.keys(ends))('[FS13] it is released after %s, and the request aborted', async (what) => {
    const { first } = await afterEnd(what)

    expect(first).toMatchObject({ live: false, aborted: true })
  })

  test.each(Object.keys(ends))(
    '[FS13] it is cancelled after %s also where a fetch ignores its signal',
    async (what) => {
      const { first } = await afterEnd(what, { ignoresSignal: true })

      expect(first).toMatchObject({ live: false, cancelled: true })
    },
  )

  test('[FS13] it is released after every try of a server that is down', async () => {
    const { answer, environment, requests, wait } = await givenAsked()
    for (let count = 0; count < 20; count += 1) {
      await answer(503)
      await environment.advance(wait())
    }

    expect(requests).toHaveLength(21)
    expect(requests.filter(({ live }) => live)).toHaveLength(1)
  })

  test('[FS13] it is released after a policy that throws', async () => {
    const { answer, request } = await givenAsked({
      whenEnded() {
        throw new Error('a bug')
      },
    })
    await answer(503)

    expect(request()).toMatchObject({ live: false, aborted: true })
  })

  test('[FS13] a listener that throws does not end it', async () => {
    const { client, send, request, messages } = await givenStream()
    client.on('message', () => {
      throw new Error('a bug')
    })
    await send('data: 1\n\ndata: 2\n\n')

    expect(messages).toEqual(['1', '2'])
    expect(request().live).toBe(true)
  })

  test('[FS13] it is released with the end of its link, also where nobody closes that', async () => {
    let cancelled = 0
    const body = new ReadableStream({
      cancel() {
        cancelled += 1
      },
    })
    const transport = fetchStream('https://example.org/', { fetch: async () => new Response(body, { status: 503 }) })
    await recordLink(transport).ended()

    expect(cancelled).toBe(1)
  })

  test('[FS5] an answer without a body is a stream that has ended', async () => {
    const headers = { 'content-type': 'text/event-stream' }
    const transport = fetchStream('https://example.org/', { fetch: async () => new Response(null, { headers }) })
    const attempt = recordLink(transport)
    await attempt.ended()

    expect(attempt.reports).toEqual(['opened', 'ended'])
    expect(attempt.errors).toMatchObject([{ code: 'lost', message: 'The stream ended.', status: 200 }])
  })

  test('[FS13] one whose release fails is nobody else’s error', async () => {
    const body = new ReadableStream({
      cancel() {
        throw new Error('already gone')
      },
    })
    const transport = fetchStream('https://example.org/', { fetch: async () => new Response(body, { status: 503 }) })
    const attempt = recordLink(transport)
    await attempt.ended()

    expect(attempt.reports).toEqual(['ended'])
  })
})

describe('a request', () => {
  test('[FS6] close() aborts it before its answer', async () => {
    const { client, request, environment } = await givenAsked()
    client.close()

    expect(request().aborted).toBe(true)
    expect(environment.held).toBe(0)
  })

  test('[FS6] close() aborts it while it streams', async () => {
    const { client, request, environment } = await givenStream()
    client.close()

    expect(request().aborted).toBe(true)
    expect(environment.held).toBe(0)
  })

  test("[FS6] the user's signal does as well", async () => {
    const owner = new AbortController()
    const { request } = await givenStream({}, { signal: owner.signal })
    owner.abort()

    expect(request().aborted).toBe(true)
  })

  test('[FS6] a client that is closed in the tick in which it connects makes none', async () => {
    const { client, requests, environment } = await givenAsked()
    client.close()
    client.connect()
    client.close()
    await environment.advance(0)

    expect(requests).toHaveLength(1)
  })

  test('[CN4][FS13] an answer to one that was given up opens nothing, and is released', async () => {
    const { client, environment, requests, answer, statuses } = await givenAsked({ ignoresSignal: true })
    await environment.advance(10_600)
    requests[0]?.answer()
    await environment.advance(0)
    expect(client.state).toMatchObject({ status: 'connecting', attempt: 2 })
    expect(requests[0]).toMatchObject({ live: false, cancelled: true })
    await answer()

    expect(statuses).toEqual(['connecting', 'waiting', 'connecting', 'open'])
  })

  test('[TR3] a policy is not asked about one that was closed before its answer', async () => {
    const heard: unknown[] = []
    const { client, answer } = await givenAsked({ ignoresSignal: true, whenEnded: (end) => void heard.push(end) })
    client.close()
    await answer(503)

    expect(heard).toEqual([])
  })

  test('[TR3] a policy is not asked about one that was closed while it streamed', async () => {
    const heard: unknown[] = []
    const { client, environment } = await givenStream({
      ignoresSignal: true,
      whenEnded: (end) => void heard.push(end),
    })
    client.close()
    await environment.advance(0)

    expect(heard).toEqual([])
  })

  test('[TR2] an error of the library that a body fails with keeps its code', async () => {
    const error = new RealtimeError('refused')
    const { client, fail } = await givenStream()
    await fail(error)

    expect(client.state).toEqual({ status: 'closed', error })
  })
})

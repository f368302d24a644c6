import { describe, expect, inject, test } from 'vitest'
import { json } from '../../src/codecs/json.ts'
import type { ClientOptions, ConnectionState } from '../../src/realtime-client.ts'
import { type FetchStreamOptions, fetchStream } from '../../src/transports/fetch-stream.ts'
import { observeClient } from '../contract/observed-client.ts'
import { gone, seenBy } from '../contract/seen-by.ts'
import { serverPeer } from '../contract/server-peer.ts'
import { until } from '../contract/until.ts'

const origins = inject('origins')

/** A client in real time, whose backoff is quick, of a stream at this path of another origin. */
function clientAt(
  path: string,
  query: Record<string, string> = {},
  options: FetchStreamOptions = {},
  clientOptions: ClientOptions = {},
) {
  const peer = serverPeer(origins, path, query)
  const observed = observeClient(fetchStream(peer.url, options), {
    codec: json(),
    environment: undefined,
    reconnect: { minDelay: 20, maxDelay: 40 },
    ...clientOptions,
  })
  const states: ConnectionState[] = []
  observed.client.onState((state) => states.push(state))
  const statuses = () => states.map(({ status }) => status)
  return { peer, states, statuses, ...observed }
}

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1)

describe('Last-Event-ID', () => {
  test('[FS3][RS2] a numbered stream that is cut arrives complete, in order and once', async () => {
    const { client, peer, messages } = clientAt('/sse/numbered', { n: '9', cut: '3' })
    client.connect()
    await until('all messages', () => messages.length >= 9)

    expect(messages).toEqual(upTo(9))
    const { requests } = await peer.seen()
    expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '3', '6'])
  })

  test.each(['naïve', '事件', '\u{1f511} key'])('[FS14] %s reaches the server as UTF-8', async (id) => {
    const { client, peer } = clientAt('/sse/frames', {}, {}, { lastEventId: id })
    client.connect()
    await client.opened()
    const [request] = (await peer.seen()).requests
    const bytes = Uint8Array.from(`${request?.headers['last-event-id']}`, (char) => char.charCodeAt(0))

    expect(new TextDecoder().decode(bytes)).toBe(id)
  })

  test.each(['\x01', '\x7f'])('[FS14] an id with the control character %j stays away', async (control) => {
    const { client, states } = clientAt('/sse/frames', {}, {}, { lastEventId: `7${control}` })
    client.connect()
    await until('an answer', () => states.length > 1)

    expect(client.state.status).toBe('open')
  })

  test('[FS15] where the server answers no preflights, the header breaks every try after the first', async () => {
    const { client, peer, errors } = clientAt('/sse/numbered', { n: '9', cut: '3', preflight: 'no' })
    client.connect()
    await until('two tries after the loss', () => errors.length >= 3)

    expect(errors.slice(0, 3)).toMatchObject([
      { code: 'lost' },
      { code: 'unreachable', hint: expect.stringContaining('CORS') },
      { code: 'unreachable' },
    ])
    expect((await peer.seen()).dials).toBe(1)
  })

  test('[FS15][RS2] where the server answers no preflights, lastEventIdParam resumes the stream', async () => {
    const query = { n: '9', cut: '3', param: 'since', preflight: 'no' }
    const { client, peer, messages } = clientAt('/sse/numbered', query, { lastEventIdParam: 'since' })
    client.connect()
    await until('all messages', () => messages.length >= 9)

    expect(messages).toEqual(upTo(9))
    const { requests } = await peer.seen()
    expect(requests.map(({ url }) => new URLSearchParams(url).get('since'))).toEqual([null, '3', '6'])
  })
})

describe('an answer', () => {
  test('[FS2] a status that may pass is tried again until there is a stream', async () => {
    const { client, errors, statuses } = clientAt('/sse/status', { code: '503', times: '2' })
    client.connect()
    await client.opened()

    expect(statuses()).toEqual(['connecting', 'waiting', 'connecting', 'waiting', 'connecting', 'open'])
    expect(errors).toMatchObject([
      { code: 'unreachable', status: 503 },
      { code: 'unreachable', status: 503 },
    ])
  })

  test('[FS2] a page instead of a stream closes, with a hint', async () => {
    const { client, reached } = clientAt('/sse/wrong-type')
    client.connect()
    await reached('closed')

    expect(client.state).toMatchObject({
      error: { code: 'not-a-stream', status: 200, hint: expect.stringContaining('captive portal') },
    })
  })

  test.each(['301', '302', '307', '308'])('[FS8] a redirect by %s is followed', async (code) => {
    const { client, messages } = clientAt('/sse/redirect', { code, frames: '[1]' })
    client.connect()
    await until('a message', () => messages.length > 0)

    expect(messages).toEqual([1])
    expect(client.state.status).toBe('open')
  })

  test('[FS13] bodies that never end are released: more tries than the six connections of an origin', async () => {
    const { client, peer } = clientAt('/sse/status', { code: '503', hold: '1' })
    client.connect()
    await seenBy(peer, ({ dials }) => dials >= 15)
    client.close()

    await gone(peer)
  })

  test('[FS13] streams that are replaced are released, too', async () => {
    const { client, peer } = clientAt('/sse/frames')
    client.connect()
    for (let dials = 1; dials <= 15; dials += 1) {
      await seenBy(peer, (seen) => seen.dials === dials)
      client.reconnect()
    }
    await client.opened()

    await seenBy(peer, ({ live }) => live === 1)
  })

  test('[TR3] a policy is not asked about a stream that close() has ended', async () => {
    const heard: unknown[] = []
    const { client, peer } = clientAt('/sse/frames', {}, { whenEnded: (end) => void heard.push(end) })
    client.connect()
    await client.opened()
    client.close()
    await gone(peer)

    expect(heard).toEqual([])
  })
})

describe('what is asked', () => {
  test('[FS1] method, headers and body cross origins, by a preflight', async () => {
    const { client, peer } = clientAt('/sse/frames', {}, { headers: { 'x-a': 'b' }, method: 'PUT', body: 'c' })
    client.connect()
    await client.opened()

    expect((await peer.seen()).requests).toMatchObject([{ headers: { 'x-a': 'b', accept: 'text/event-stream' } }])
  })

  async function cookiesSeen(options: FetchStreamOptions): Promise<boolean> {
    const name = `holdfast${Math.random().toString(36).slice(2)}`
    await fetch(`${origins.peers}/cookie?set=${name}=1`, { credentials: 'include' })
    const { client, messages } = clientAt('/sse/credentials', {}, options)
    client.connect()
    await until('a message', () => messages.length > 0)
    return `${messages[0]}`.includes(`${name}=1`)
  }

  test("[FS1] with credentials 'include' cookies cross origins", async () => {
    expect(await cookiesSeen({ credentials: 'include' })).toBe(true)
  })

  test.each([undefined, 'same-origin', 'omit'] as const)(
    '[FS1] with credentials %s they do not',
    async (credentials) => {
      expect(await cookiesSeen({ credentials })).toBe(false)
    },
  )
})

import { describe, expect, inject, test } from 'vitest'
import { binary } from '../../src/codecs/binary.ts'
import type { ClientOptions } from '../../src/realtime-client.ts'
import { eventSource } from '../../src/transports/event-source.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import type { WithUpstreamOptions } from '../../src/transports/upload.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'
import { observeClient } from '../contract/observed-client.ts'
import { gone, seenBy } from '../contract/seen-by.ts'
import { serverPeer } from '../contract/server-peer.ts'
import { until } from '../contract/until.ts'

const origins = inject('origins')
const receivers = [
  ['eventSource', eventSource],
  ['fetchStream', fetchStream],
] as const

/** A client in real time, of a stream and an upstream of another origin, which has connected. */
async function clientOf(
  receive: (url: string) => ReturnType<typeof eventSource>,
  query: Record<string, string> = {},
  options: WithUpstreamOptions = {},
  clientOptions: ClientOptions = {},
) {
  const stream = serverPeer(origins, '/sse/frames')
  const upstream = serverPeer(origins, '/upstream', query)
  const transport = withUpstream(receive(stream.url), upstream.url, options)
  const observed = observeClient(transport, { environment: undefined, ...clientOptions })
  observed.client.connect()
  await observed.client.opened()
  return { stream, upstream, ...observed }
}

describe.each(receivers)('withUpstream(%s) in a browser', (_, receive) => {
  test('[UP1] messages arrive in order, one at a time, each with a key of its own', async () => {
    const { client, upstream } = await clientOf(receive)
    const texts = Array.from({ length: 20 }, (_, index) => `m${index}`)
    for (const text of texts) client.send('message', text)
    await seenBy(upstream, ({ received }) => received.length >= texts.length)

    const { received, requests } = await upstream.seen()
    expect(received).toEqual(texts)
    expect(new Set(requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(texts.length)
    expect(requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' })
  })

  test('[UP1] bytes arrive as they are', async () => {
    const { client, upstream } = await clientOf(receive, {}, {}, { codec: binary() })
    client.send('message', Uint8Array.of(0, 255, 10))
    await seenBy(upstream, ({ received }) => received.length > 0)

    expect((await upstream.seen()).received).toEqual(['bytes 0,255,10'])
  })

  test('[UP1] a POST under way survives a change of the link', async () => {
    const { client, stream, upstream } = await clientOf(receive, { hold: '' })
    client.send('message', 'one')
    await seenBy(upstream, ({ live }) => live === 1)
    client.reconnect()
    await client.opened()

    expect(await stream.seen()).toMatchObject({ dials: 2 })
    expect(await upstream.seen()).toMatchObject({ dials: 1, live: 1 })
  })

  test('[UP2] one whose answer is lost arrives again, with the same key and before the next', async () => {
    const { client, upstream, errors } = await clientOf(receive, { lose: '', times: '1' })
    client.send('message', 'one')
    client.send('message', 'two')
    await seenBy(upstream, ({ received }) => received.length > 2)

    const { received, requests } = await upstream.seen()
    const [first, repeat, second] = requests.map(({ headers }) => headers['idempotency-key'])
    expect(received).toEqual(['one', 'one', 'two'])
    expect([repeat === first, second === first]).toEqual([true, false])
    expect(errors).toMatchObject([{ code: 'unreachable', hint: expect.stringContaining('CORS') }])
  })

  test('[UP2] 503 is told with its status and repeated, 403 drops the message', async () => {
    const busy = await clientOf(receive, { code: '503', times: '1' })
    busy.client.send('message', 'one')
    const forbidden = await clientOf(receive, { code: '403', times: '1' })
    for (const text of ['one', 'two']) forbidden.client.send('message', text)
    await seenBy(busy.upstream, ({ received }) => received.length > 0)
    await seenBy(forbidden.upstream, ({ received }) => received.length > 0)

    expect(busy.errors).toMatchObject([{ code: 'unreachable', status: 503 }])
    expect(forbidden.errors).toMatchObject([{ code: 'refused', status: 403 }])
    expect((await forbidden.upstream.seen()).received).toEqual(['two'])
  })

  test('[UP2] 401 is repeated at once with fresh headers', async () => {
    const { client, upstream } = await clientOf(
      receive,
      { code: '401', times: '1' },
      { headers: ({ error }) => ({ 'x-token': error?.code === 'unauthorized' ? 'fresh' : 'stale' }) },
    )
    client.send('message', 'one')
    await seenBy(upstream, ({ received }) => received.length > 0)

    expect((await upstream.seen()).requests.map(({ headers }) => headers['x-token'])).toEqual(['stale', 'fresh'])
  })

  test('[UP3] close aborts what is under way, and the server sees it', async () => {
    const { client, upstream, errors } = await clientOf(receive, { hold: '' })
    client.send('message', 'one')
    await seenBy(upstream, ({ live }) => live === 1)
    client.close()
    await gone(upstream)

    expect(errors).toMatchObject([{ code: 'aborted' }])
  })
})

test('[UP2] where the server answers no preflight, nothing is posted, and a hint says where to look', async () => {
  const { client, upstream, errors } = await clientOf(eventSource, { preflight: 'no' })
  client.send('message', 'one')
  await until('an error', () => errors.length > 0)

  expect(errors).toMatchObject([{ code: 'unreachable', hint: expect.stringContaining('CORS') }])
  expect((await upstream.seen()).dials).toBe(0)
})

import { describe, expect, inject, test } from 'vitest'
import { json } from '../../src/codecs/json.ts'
import type { ConnectionState } from '../../src/realtime-client.ts'
import { type EventSourceOptions, eventSource } from '../../src/transports/event-source.ts'
import { observeClient } from '../contract/observed-client.ts'
import { gone, seenBy } from '../contract/seen-by.ts'
import { serverPeer } from '../contract/server-peer.ts'
import { until } from '../contract/until.ts'

const origins = inject('origins')

/** A client in real time, whose backoff is quick, of a stream at this path. */
function clientAt(path: string, query: Record<string, string> = {}, options: EventSourceOptions = {}) {
  const peer = serverPeer(origins, path, query)
  const observed = observeClient(eventSource(peer.url, options), {
    codec: json(),
    environment: undefined,
    reconnect: { minDelay: 20, maxDelay: 40 },
  })
  const states: ConnectionState[] = []
  observed.client.onState((state) => states.push(state))
  const statuses = () => states.map(({ status }) => status)
  return { peer, states, statuses, ...observed }
}

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1)

describe('events', () => {
  const query = { names: 'early,late,listed,unknown,message' }

  test('[ES1] named ones arrive, whenever their listener was added', async () => {
    const { client, states } = clientAt('/sse/names', query)
    const heard: unknown[] = []
    client.on('early', (data) => heard.push(['early', data]))
    client.connect()
    // Before the first byte of the stream, and long after the source was made.
    client.onState(({ status }) => {
      if (status === 'open') client.on('late', (data) => heard.push(['late', data]))
    })
    await until('both', () => heard.length >= 2)

    expect(heard).toEqual([
      ['early', 1],
      ['late', 2],
    ])
    expect(states.at(-1)).toMatchObject({ status: 'open', transport: 'eventsource' })
  })

  test('[ES1] onAny sees those with a listener or a place in `events`', async () => {
    const { client } = clientAt('/sse/names', query, { events: ['listed'] })
    const names: string[] = []
    client.on('early', () => {})
    client.onAny((_, { event }) => names.push(event))
    client.connect()
    await until('the last', () => names.includes('message'))

    expect(names).toEqual(['early', 'listed', 'message'])
  })

  test("[ES1] those that the server names 'error' and 'open' are just events", async () => {
    const { client, errors, statuses } = clientAt('/sse/names', { names: 'error,open,message' })
    const heard: unknown[] = []
    client.on('error', (data) => heard.push(data))
    client.on('open', (data) => heard.push(data))
    client.on('message', (data) => heard.push(data))
    client.connect()
    await until('the last', () => heard.includes(3))

    expect(heard).toEqual([1, 2, 3])
    expect(errors).toEqual([])
    expect(statuses()).toEqual(['connecting', 'open'])
  })
})

describe('after a drop', () => {
  test('[ES2] without ids the client comes back by itself, well before the browser would', async () => {
    const { client, peer, errors, statuses } = clientAt('/sse/frames', { frames: '[1]', end: '1' })
    client.connect()
    await seenBy(peer, ({ dials }) => dials >= 3)

    expect(statuses().slice(0, 6)).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open', 'waiting'])
    expect(errors[0]).toMatchObject({ code: 'lost' })
  })

  test("[ES2] with ids the browser's reconnect is left to work, and its header resumes the stream", async () => {
    const { client, peer, messages, statuses } = clientAt('/sse/numbered', { n: '9', cut: '3' })
    client.connect()
    await until('all messages', () => messages.length >= 9)

    expect(messages).toEqual(upTo(9))
    expect(statuses()).toEqual(['connecting', 'open', 'waiting', 'open', 'waiting', 'open'])
    const { requests } = await peer.seen()
    expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '3', '6'])
    expect(new Set(requests.map(({ url }) => url)).size).toBe(1)
  })

  test("[ES2] while it waits for the browser, 'retryAt' is an estimate and the error tells of the loss", async () => {
    const { client, states, reached } = clientAt('/sse/numbered', { n: '9', cut: '3', retry: '60000' })
    client.connect()
    await reached('waiting')

    const waiting = states.at(-1)
    if (waiting?.status !== 'waiting') throw new Error('It does not wait.')
    expect(waiting.retryAt - Date.now()).toBeGreaterThan(2000)
    expect(waiting.error.code).toBe('lost')
  })

  test('[ES2][ES4] a replaced link carries the id in its URL', async () => {
    const { client, peer, messages } = clientAt('/sse/numbered', { n: '6', cut: '3', retry: '60000' })
    client.connect()
    await until('the first part', () => messages.length >= 3)
    client.reconnect()
    await until('all messages', () => messages.length >= 6)

    expect(messages).toEqual(upTo(6))
    const { requests } = await peer.seen()
    expect(requests.map(({ url }) => new URLSearchParams(url).get('lastEventId'))).toEqual([null, '3'])
    expect(requests[1]?.headers['last-event-id']).toBeUndefined()
  })

  test('[ES2][ES4] with lastEventIdParam the client reconnects, and the server sees it in the query', async () => {
    const query = { n: '9', cut: '3', param: 'since', retry: '60000' }
    const { client, peer, messages, statuses } = clientAt('/sse/numbered', query, { lastEventIdParam: 'since' })
    client.connect()
    await until('all messages', () => messages.length >= 9)

    expect(messages).toEqual(upTo(9))
    expect(statuses().slice(0, 5)).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open'])
    const { requests } = await peer.seen()
    expect(requests.map(({ url }) => new URLSearchParams(url).get('since'))).toEqual([null, '3', '6'])
  })

  test('[ES2] close() while the browser waits leaves nothing behind', async () => {
    const { client, peer, reached } = clientAt('/sse/numbered', { n: '9', cut: '3', retry: '20' })
    client.connect()
    await reached('waiting')
    client.close()
    await gone(peer)
    const { dials } = await peer.seen()
    // A later source has come and gone, which the browser's retry of 20 ms would have preceded.
    const next = clientAt('/sse/numbered', { n: '6', cut: '3', retry: '40' })
    next.client.connect()
    await until('all messages', () => next.messages.length >= 6)

    expect((await peer.seen()).dials).toBe(dials)
  })
})

describe('an answer that is no stream', () => {
  test('[ES3] after an HTTP error, where the browser gives up, the client goes on', async () => {
    const { client, peer, errors, statuses } = clientAt('/sse/status', { code: '500', times: '2' })
    client.connect()
    await client.opened()

    expect(statuses()).toEqual(['connecting', 'waiting', 'connecting', 'waiting', 'connecting', 'open'])
    expect(errors).toMatchObject([{ code: 'unreachable', hint: expect.stringContaining('HTTP') }, {}])
    expect((await peer.seen()).dials).toBe(3)
  })

  test('[ES3] a page instead of a stream is tried again', async () => {
    const { client, peer, errors } = clientAt('/sse/wrong-type')
    client.connect()
    await seenBy(peer, ({ dials }) => dials >= 2)

    expect(errors[0]).toMatchObject({ code: 'unreachable', retryable: true })
  })
})

describe('cookies across origins', () => {
  async function cookiesSeen(options: EventSourceOptions): Promise<unknown> {
    const name = `holdfast${Math.random().toString(36).slice(2)}`
    await fetch(`${origins.peers}/cookie?set=${name}=1`, { credentials: 'include' })
    const { client, messages } = clientAt('/sse/credentials', {}, options)
    client.connect()
    await until('a message', () => messages.length > 0)
    return `${messages[0]}`.includes(`${name}=1`)
  }

  test('[ES5] with credentials they are sent', async () => {
    expect(await cookiesSeen({ withCredentials: true })).toBe(true)
  })

  test('[ES5] without they are not', async () => {
    expect(await cookiesSeen({})).toBe(false)
  })
})

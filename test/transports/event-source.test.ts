import { afterEach, describe, expect, test, vi } from 'vitest'
import type { RealtimeError } from '../../src/errors.ts'
import type { ClientOptions } from '../../src/realtime-client.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { type EventSourceOptions, eventSource } from '../../src/transports/event-source.ts'
import { told } from '../contract/facts-of.ts'
import { observeClient } from '../contract/observed-client.ts'
import { recordLink } from '../contract/recorded-link.ts'
import { type FakeSource, fakeEventSources } from '../fakes/fake-event-source.ts'

afterEach(() => vi.unstubAllGlobals())

const url = 'https://example.org/feed'

/** A client of hand-driven sources, once the first was made. */
async function connect(options: EventSourceOptions & { readonly url?: string } = {}, clientOptions?: ClientOptions) {
  const { EventSource, sources } = fakeEventSources()
  const observed = observeClient(eventSource(options.url ?? url, { EventSource, ...options }), clientOptions)
  const { client, environment } = observed
  client.connect()
  await environment.advance(0)
  return { ...observed, sources, source: () => sources.at(-1) as FakeSource }
}

/** The same, open. */
async function open(...options: Parameters<typeof connect>) {
  const connected = await connect(...options)
  connected.source().open()
  return connected
}

/** The URL that the next source has after a link that got this id was lost. */
async function nextUrl(id: string, options: EventSourceOptions & { readonly url?: string } = {}): Promise<string> {
  const { client, source, environment } = await open(options)
  source().send({ data: '', id })
  client.reconnect()
  await environment.advance(0)
  return source().url
}

async function endOf(where: string, page: string | undefined): Promise<RealtimeError> {
  const { EventSource, sources } = fakeEventSources()
  const attempt = recordLink(eventSource(where, { EventSource }), { environment: fakeEnvironment({ page }) })
  await attempt.ended()
  expect(sources).toEqual([])
  return attempt.errors[0] as RealtimeError
}

describe('events', () => {
  test('[ES1] one with a listener from before opening arrives', async () => {
    const { EventSource, sources } = fakeEventSources()
    const { client, environment } = observeClient(eventSource(url, { EventSource }))
    const heard: unknown[] = []
    client.on('price', (data) => heard.push(data))
    client.connect()
    await environment.advance(0)
    sources[0]?.open()
    sources[0]?.send({ event: 'price', data: '7' })

    expect(heard).toEqual(['7'])
  })

  test('[ES1] one with a listener from after opening arrives', async () => {
    const { client, source } = await open()
    const heard: unknown[] = []
    client.on('price', (data) => heard.push(data))
    source().send({ event: 'price', data: '7' })

    expect(heard).toEqual(['7'])
  })

  test('[ES1] a name is listened to once, however many listeners it has', async () => {
    const { client, source } = await open()
    const heard: unknown[] = []
    for (let time = 0; time < 2; time += 1) client.on('price', (data) => heard.push(data))
    source().send({ event: 'price', data: '7' })

    expect(heard).toEqual(['7', '7'])
  })

  test('[ES1] a listener is heard on the next link too', async () => {
    const { client, source, environment } = await open()
    const heard: unknown[] = []
    client.on('price', (data) => heard.push(data))
    client.reconnect()
    await environment.advance(0)
    source().open()
    source().send({ event: 'price', data: '7' })

    expect(heard).toEqual(['7'])
  })

  test('[ES1] onAny sees the names that have a listener or a place in `events`, and no others', async () => {
    const { client, source } = await open({ events: ['listed'] })
    const names: string[] = []
    client.onAny((_, { event }) => names.push(event))
    client.on('heard', () => {})
    for (const event of ['listed', 'heard', 'message', 'unknown']) source().send({ event, data: '' })

    expect(names).toEqual(['listed', 'heard', 'message'])
  })

  test.each(['error', 'open'])("[ES1] a server's event named '%s' is just an event", async (event) => {
    const { client, source, errors } = await open()
    const heard: unknown[] = []
    client.on(event, (data) => heard.push(data))
    source().send({ event, data: 'just data' })

    expect(heard).toEqual(['just data'])
    expect(client.state.status).toBe('open')
    expect(errors).toEqual([])
  })

  test.each(['error', 'open'])("[ES1] a listener for '%s' does not hear the platform's own event", async (event) => {
    const { client, source, environment, errors } = await open()
    const heard: unknown[] = []
    client.on(event, (data) => heard.push(data))
    client.reconnect()
    await environment.advance(0)
    source().open()
    source().drop()

    expect(heard).toEqual([])
    expect(errors.map(({ code }) => code)).toEqual(['lost'])
    expect(source().readyState).toBe(2)
  })

  test('[ES1] meta names the event, its id and the transport', async () => {
    const { client, source } = await open()
    const metas: unknown[] = []
    client.on('message', (_, meta) => metas.push(meta))
    source().send({ data: '1', id: '7' })
    source().send({ data: '2' })

    expect(metas).toMatchObject([
      { event: 'message', id: '7', transport: 'eventsource' },
      { event: 'message', id: '7' },
    ])
  })

  test('[TR7] an EventSource that is no function is a usage mistake', () => {
    expect(() => eventSource(url, { EventSource: {} as never })).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: 'EventSource must be a function.' }),
    )
  })

  test("[TR7] `events` that are no list throw 'invalid-config' in the factory", () => {
    expect(() => eventSource(url, { events: 'price' as never })).toThrow(
      expect.objectContaining({ code: 'invalid-config' }),
    )
  })
})

describe('after a drop, without ids', () => {
  test('[ES2] the client closes the source and comes back with its own backoff', async () => {
    const { client, source, sources, environment } = await open()
    source().drop()
    expect(source().readyState).toBe(2)
    expect(client.state).toMatchObject({ status: 'waiting', attempt: 2, error: { code: 'lost' } })
    // The random numbers are 0.5, so that the first wait is 60 % of a second.
    await environment.advance(599)
    expect(sources.length).toBe(1)
    await environment.advance(1)

    expect(sources.length).toBe(2)
  })

  test("[ES2] the client comes back by itself where a source that was open had no id, and the next one's URL carries none", async () => {
    const { source, environment } = await open()
    source().send({ data: 'no id' })
    source().drop()
    await environment.advance(1000)

    expect(source().url).toBe(url)
  })
})

describe('after a drop, with ids', () => {
  async function dropped(options: EventSourceOptions = {}, clientOptions?: ClientOptions) {
    const opened = await open(options, clientOptions)
    opened.source().send({ data: 'one', id: '7' })
    opened.source().drop()
    return opened
  }

  test("[ES2] the browser's reconnect is left to work: waiting, with an estimate, then open", async () => {
    const { client, source, sources, environment, errors } = await dropped()
    expect(client.state).toMatchObject({
      status: 'waiting',
      retryAt: environment.now() + 3000,
      error: { code: 'lost' },
    })
    await environment.advance(3000)
    source().open()

    expect(client.state.status).toBe('open')
    expect(sources.length).toBe(1)
    expect(source().lastEventIdHeader).toBe('7')
    expect(errors.map(({ code }) => code)).toEqual(['lost'])
  })

  test('[ES2] messages of the restored link are heard', async () => {
    const { source, messages } = await dropped()
    source().open()
    source().send({ data: 'two', id: '8' })

    expect(messages).toEqual(['one', 'two'])
  })

  test('[ES2] a source that is not open by the estimate and the deadline is replaced, with the id in its URL', async () => {
    const { client, source, sources, environment } = await dropped()
    await environment.advance(3000 + 10_000 - 1)
    expect(sources[0]?.readyState).toBe(0)
    await environment.advance(1)
    expect(sources[0]?.readyState).toBe(2)
    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
    await environment.advance(2000)

    expect(sources.length).toBe(2)
    expect(source().url).toBe(`${url}?lastEventId=7`)
  })

  test('[ES2] where the browser gives up, the client goes on, with the id in the URL', async () => {
    const { client, source, environment } = await dropped()
    source().fail()
    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable' } })
    await environment.advance(2000)

    expect(source().url).toBe(`${url}?lastEventId=7`)
  })

  test('[ES2] connect() during it dials now, and the old source is over', async () => {
    const { client, sources, environment } = await dropped()
    client.connect()
    await environment.advance(0)

    expect(sources.map(({ readyState }) => readyState)).toEqual([2, 0])
  })

  test('[ES2] close() during it ends the source and every timer', async () => {
    const { client, source, environment } = await dropped()
    client.close()

    expect(source().readyState).toBe(2)
    expect(environment.held).toBe(0)
  })

  test('[ES2] `reconnect: false` closes instead', async () => {
    const { client, source } = await dropped({}, { reconnect: false })

    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'lost' } })
    expect(source().readyState).toBe(2)
  })

  test('[ES2] events without an id of any kind, as of a simple implementation, are no ids in use', async () => {
    const sources: EventTarget[] = []
    const close = vi.fn()
    class Simple extends EventTarget {
      readonly readyState = 1
      readonly close = close
      constructor() {
        super()
        sources.push(this)
      }
    }
    const { client, environment } = observeClient(eventSource(url, { EventSource: Simple as never }))
    client.connect()
    await environment.advance(0)
    const [source] = sources
    for (const type of ['open', 'message', 'error'])
      source?.dispatchEvent(Object.assign(new Event(type), type === 'message' && { data: 'a' }))

    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'lost' } })
    expect(close).toHaveBeenCalled()
  })

  test('[ES2] ids that the server has taken back are not in use any more: the client takes over', async () => {
    const { client, source, sources } = await open()
    source().send({ data: '', id: '7' })
    source().send({ data: '', id: '' })
    expect(client.lastEventId).toBe('')
    source().drop()

    expect(sources.map(({ readyState }) => readyState)).toEqual([2])
    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'lost' } })
  })

  test('[ES2] an empty lastEventIdParam is none', async () => {
    expect(new URL(await nextUrl('7', { lastEventIdParam: '' })).search).toBe('?lastEventId=7')
  })

  test.each([5, true, {}])('[TR7] %o as lastEventIdParam throws', (lastEventIdParam) => {
    const mistake = expect.objectContaining({ code: 'invalid-config' })
    expect(() => eventSource(url, { lastEventIdParam } as never)).toThrow(mistake)
  })

  test.each(['close', 'reconnect'] as const)(
    '[CN2][CN5] %s() while its source is being made leaves no other one',
    async (call) => {
      const { EventSource, sources } = fakeEventSources()
      class Source extends EventSource {
        constructor(...of: ConstructorParameters<typeof globalThis.EventSource>) {
          super(...of)
          if (sources.length === 1) client[call]()
        }
      }
      const { client, environment } = observeClient(eventSource(url, { EventSource: Source }))
      client.connect()
      await environment.advance(0)

      expect(sources.map(({ readyState }) => readyState)).toEqual(call === 'close' ? [2] : [2, 0])
    },
  )

  test('[ES2] with lastEventIdParam the client reconnects, and sends the id as that', async () => {
    const { client, source, sources, environment } = await dropped({ lastEventIdParam: 'since' })
    expect(sources[0]?.readyState).toBe(2)
    expect(client.state).toMatchObject({ status: 'waiting', retryAt: environment.now() + 600 })
    await environment.advance(600)

    expect(source().url).toBe(`${url}?since=7`)
  })

  test("[ES2] an id of an earlier source is not the next one's", async () => {
    const { client, source, environment } = await dropped()
    client.reconnect()
    await environment.advance(0)
    source().open()
    source().drop()

    expect(source().readyState).toBe(2)
  })
})

describe('an answer that is no stream', () => {
  test('[ES3] the client goes on, with backoff and a hint', async () => {
    const { client, source, sources, environment } = await connect()
    source().fail()
    expect(client.state).toMatchObject({
      status: 'waiting',
      attempt: 2,
      error: { code: 'unreachable', hint: expect.stringContaining('HTTP') },
    })
    await environment.advance(600)
    source().open()

    expect(sources.length).toBe(2)
    expect(client.state.status).toBe('open')
  })

  test('[ES3] it goes on from an open link as well', async () => {
    const { client, source } = await open()
    source().fail()

    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'lost' } })
  })

  test('[ES3] a peer that cannot be reached gets no such hint', async () => {
    const { client, source } = await connect()
    source().drop()

    expect(client.state).not.toHaveProperty('error.hint')
  })
})

describe('lastEventId', () => {
  test.each([
    [url, `${url}?lastEventId=7`],
    [`${url}?a=1`, `${url}?a=1&lastEventId=7`],
    [`${url}?lastEventId=3&a=1`, `${url}?lastEventId=7&a=1`],
    [`${url}?sig=a%20b+c~*`, `${url}?sig=a%20b+c~*&lastEventId=7`],
    [`${url}#here`, `${url}?lastEventId=7`],
  ])('[ES4] after %s it survives in %s', async (from, to) => {
    expect(await nextUrl('7', { url: from })).toBe(to)
  })

  test('[ES4] it is encoded, whatever is in it', async () => {
    const id = '1795210437:0,[0]&x=1#é +'
    const next = new URL(await nextUrl(id, { lastEventIdParam: 'last id' }))

    expect([...next.searchParams]).toEqual([['last id', id]])
  })

  test('[ES4] a space in it is written as every server reads it', async () => {
    expect(await nextUrl('7 +')).toBe(`${url}?lastEventId=7%20%2B`)
  })

  test.each([
    ['is sent where the query takes 8 kB', 8000, 8000],
    ['is left out where the query would take more', 8001, 0],
  ])('[ES4] it %s', async (_, length, sent) => {
    const next = new URL(await nextUrl('7'.repeat(length - 'lastEventId='.length)))

    expect(next.search.slice(1)).toHaveLength(sent)
  })

  test.each([
    ['is sent where it fits beside what is there', 5000, true],
    ['is left out where it does not', 5001, false],
  ])('[ES4] it %s', async (_, length, isSent) => {
    const id = '7'.repeat(length - 'lastEventId='.length)
    const from = `${url}?token=${'x'.repeat(3000 - '?token='.length)}`

    expect((await nextUrl(id, { url: from })).includes('lastEventId')).toBe(isSent)
  })

  test('[ES4] a long one takes the place of a long one', async () => {
    const [old, id] = ['6'.repeat(5000), '7'.repeat(5000)]

    expect(await nextUrl(id, { url: `${url}?lastEventId=${old}` })).toBe(`${url}?lastEventId=${id}`)
  })

  test('[ES4] it survives several replacements', async () => {
    const { client, source, environment } = await open()
    source().send({ data: '', id: '7' })
    for (let time = 0; time < 3; time += 1) {
      client.reconnect()
      await environment.advance(0)
    }

    expect(source().url).toBe(`${url}?lastEventId=7`)
  })

  test("[ES4] the page's own is sent with the first request", async () => {
    const { source } = await connect({}, { lastEventId: '41' })

    expect(source().url).toBe(`${url}?lastEventId=41`)
  })

  test('[ES4] an empty id forgets it', async () => {
    const { client, source, environment } = await open()
    source().send({ data: '', id: '7' })
    source().send({ data: '', id: '' })
    client.reconnect()
    await environment.advance(0)

    expect(source().url).toBe(url)
  })
})

describe('the platform', () => {
  test.each([true, false])('[ES5] withCredentials: %s reaches the source', async (withCredentials) => {
    const { source } = await connect({ withCredentials })

    expect(source().withCredentials).toBe(withCredentials)
  })

  test('[ES5] cookies are not sent across origins unless told', async () => {
    const { source } = await connect()

    expect(source().withCredentials).toBe(false)
  })

  test('[TR3] a closed source has no listener left but those that close it again', async () => {
    const { client, source, errors } = await open({ events: ['a', 'b'] })
    client.on('c', () => {})
    client.close()

    expect(source().readyState).toBe(2)
    expect(source().listenerCount).toBe(2)
    expect(errors).toEqual([])
  })

  test("[TR1] without an EventSource the client closes with 'unsupported'", async () => {
    vi.stubGlobal('EventSource', undefined)
    const { client, reached } = observeClient(eventSource(url))
    client.connect()
    await reached('closed')

    expect(client.state).toMatchObject({ error: { code: 'unsupported', retryable: false } })
  })

  test('[TR1] the EventSource of the moment of dialing is used', async () => {
    const { EventSource, sources } = fakeEventSources()
    const { client, environment } = observeClient(eventSource(url))
    vi.stubGlobal('EventSource', EventSource)
    client.connect()
    await environment.advance(0)

    expect(sources.length).toBe(1)
  })

  test('[TR3] a client that is closed in the tick it connects in makes no source', async () => {
    const { EventSource, sources } = fakeEventSources()
    const { client, environment } = observeClient(eventSource(url, { EventSource }))
    client.connect()
    client.close()
    await environment.advance(0)

    expect(sources).toEqual([])
  })
})

describe('the URL', () => {
  test.each([
    ['/feed', 'https://example.org/app/', 'https://example.org/feed'],
    ['feed', 'http://example.org/app/', 'http://example.org/app/feed'],
    [new URL('http://example.org/feed'), undefined, 'http://example.org/feed'],
    ['http://localhost:81/feed', 'https://example.org/', 'http://localhost:81/feed'],
  ])('[TR7] %s on %s dials %s', async (where, page, dialed) => {
    const { EventSource, sources } = fakeEventSources()
    const environment = fakeEnvironment({ page })
    recordLink(eventSource(where, { EventSource }), { environment })
    await environment.advance(0)

    expect(sources.map((source) => source.url)).toEqual([dialed])
  })

  test("[TR7] http: from an https page is 'insecure', and not quoted", async () => {
    const error = await endOf('http://example.org/?token=s3cret', 'https://example.org/')

    expect(error).toMatchObject({ code: 'insecure', retryable: false })
    expect(told(error)).not.toContain('s3cret')
  })

  test.each(['http://[s3cret', 'ftp://s3cret/', 'ws://s3cret/', 'wss://s3cret/', undefined, 7])(
    "[TR7] %s is 'invalid-config' in the factory, and not quoted",
    (where) => {
      const make = () => eventSource(where as string)

      expect(make).toThrow(expect.objectContaining({ code: 'invalid-config' }))
      expect(make).not.toThrow(/s3cret/)
    },
  )

  test("[TR7] a relative URL where there is no page is 'invalid-config'", async () => {
    expect(await endOf('/feed', undefined)).toMatchObject({ code: 'invalid-config' })
  })
})

test('[HS6][ES1] a handshake hears the name that it waits for, though nobody listens to it', async () => {
  const { client, environment, source } = await connect(
    {},
    {
      handshake: async ({ next }) => {
        await next('welcome')
      },
    },
  )
  source().open()
  await environment.advance(0)
  source().send({ event: 'welcome', data: '1' })
  await environment.advance(0)

  expect(client.state.status).toBe('open')
})

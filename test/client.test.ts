import { expect, test, vi } from 'vitest'
import { type ClientOptions, createClient, type Inbound, json, type Message } from '../src/index.ts'
import { fakeTransport } from '../src/testing/index.ts'
import { given, givenOpen, newest, over, rawTransport } from './circumstances.ts'

const mistake = expect.objectContaining({ code: 'invalid-config', retryable: false })

test.each<[string, unknown]>([
  ['a codec that was not called', { codec: json }],
  ['a codec without decode', { codec: { encode: () => '' } }],
  ['a codec without encode', { codec: { decode: () => undefined } }],
  ['a codec of null', { codec: null }],
  ['a number as heartbeat', { heartbeat: 5000 }],
  ['a text as handshake', { handshake: 'hello' }],
  ['a text as lifecycle', { lifecycle: 'keep' }],
  ['a number as queue', { queue: 100 }],
  ['a number as reconnect', { reconnect: 5000 }],
  ['a text as schemas', { schemas: 'chat' }],
  ['true as schemas', { schemas: true }],
  ['an openTimeout of 0', { openTimeout: 0 }],
  ['an openTimeout that is no number', { openTimeout: '10s' }],
  ['an openTimeout of NaN', { openTimeout: Number.NaN }],
  ['a maxMessageSize of 0', { maxMessageSize: 0 }],
  ['a negative minDelay', { reconnect: { minDelay: -1 } }],
  ['a maxDelay of NaN', { reconnect: { maxDelay: Number.NaN } }],
  ['a text as minDelay', { reconnect: { minDelay: '1000' } }],
  ['a factor below 1', { reconnect: { factor: 0.5 } }],
  ['no attempts at all', { reconnect: { maxAttempts: 0 } }],
  ['a negative stableAfter', { reconnect: { stableAfter: -1 } }],
  ['a queue for no message', { queue: { maxMessages: 0 } }],
  ['a queue for no byte', { queue: { maxBytes: 0 } }],
  ['a queue policy that is none', { queue: { whenFull: 'drop' } }],
])('[TR7] %s throws where it is given', (_, options) => {
  expect(() => createClient(fakeTransport(), options as ClientOptions)).toThrow(mistake)
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a URL', 'wss://example.com'],
  ['a factory that was not called', fakeTransport],
  ['an object without open', { name: 'x' }],
])('[TR7] %s instead of a transport throws', (_, transport) => {
  expect(() => createClient(transport as never)).toThrow(mistake)
})

test.each<[string, ClientOptions]>([
  ['undefined everywhere', { codec: undefined, reconnect: undefined, queue: undefined, openTimeout: undefined }],
  ['no end of patience', { openTimeout: Infinity, reconnect: { maxAttempts: Infinity, maxDelay: Infinity } }],
  ['false where there is nothing else to say', { queue: false, reconnect: false, heartbeat: false }],
  ['no delay', { reconnect: { minDelay: 0, maxDelay: 0, stableAfter: 0 } }],
])('[TR7] options with %s are fine', (_, options) => {
  expect(given(options as never).client.state.status).toBe('idle')
})

test.each(['on', 'onAny', 'onState', 'onError'] as const)('[TR7] %s throws for what is no function', (method) => {
  const { client } = given()
  const listen = (listener: unknown) =>
    method === 'on' ? client.on('news', listener as () => void) : client[method](listener as () => void)

  for (const listener of [undefined, null, 'news', {}]) expect(() => listen(listener)).toThrow(mistake)
})

test('[TR7] what an old library has put into Object.prototype is no option', () => {
  const prototype = Object.prototype as { extend?: unknown }
  prototype.extend = () => {}
  try {
    expect(given({ reconnect: {}, queue: {}, heartbeat: {} }).client.state.status).toBe('idle')
  } finally {
    delete prototype.extend
  }
})

test('[TR7] an AbortController in the place of its signal throws, and leaves nothing', async () => {
  const { client, transport } = givenOpen()
  const signal = new AbortController() as never
  const ways = [
    () => client.on('news', () => {}, { signal }),
    () => client.onAny(() => {}, { signal }),
    () => client.onState(() => {}, { signal }),
    () => client.onError(() => {}, { signal }),
    () => client.events('news', { signal }),
  ]
  for (const way of ways) expect(way).toThrow(mistake)
  await expect(client.opened({ signal })).rejects.toEqual(mistake)
  await expect(client.drained({ signal })).rejects.toEqual(mistake)

  expect(newest(transport.links).request.events).toEqual([])
})

test.each([undefined, null, 5, () => {}])('[TR7] on throws for an event like %o', (event) => {
  expect(() => given().client.on(event as never, () => {})).toThrow(mistake)
})

test.each([5, {}, true])('[TR7] %o as lastEventId throws', (lastEventId) => {
  expect(() => given({ lastEventId } as never)).toThrow(mistake)
})

test('[TR7] null as lastEventId, as a storage gives it, is none', () => {
  expect(given({ lastEventId: null } as never).client.lastEventId).toBe('')
})

test.each(['close', 'reconnect'] as const)(
  '[CN4] what a codec decodes that calls %s() is delivered to nobody',
  (call) => {
    const decode = vi.fn(() => {
      all.client[call]()
      return { event: 'news', data: 1, id: '7' }
    })
    const all = givenOpen({ codec: { ...json(), decode } })
    const heard = vi.fn()
    all.client.on('news', heard)
    all.link().receive('{}')

    expect(decode).toHaveBeenCalledOnce()
    expect(heard).not.toHaveBeenCalled()
    expect(all.client.lastEventId).toBe('')
  },
)

test('[RS1] an id that a codec gives as a number is text for everybody', () => {
  const decode = ({ data }: Inbound): Message => ({ event: 'news', data, id: Number(data) as never })
  const { client, link } = givenOpen({ codec: { ...json(), decode }, dedupe: 10 })
  const ids: unknown[] = []
  client.on('news', (_, { id }) => ids.push(id))
  for (const data of ['0', '1', '0', '1', '2']) link().receive(data)

  expect(ids).toEqual(['0', '1', '2'])
  expect(client.lastEventId).toBe('2')
})

test('[CN2] a new client is idle, and has touched nothing', () => {
  const { client, environment, transport } = given()

  expect(client.state).toEqual({ status: 'idle' })
  expect(transport.links).toEqual([])
  expect(environment.held).toBe(0)
})

test('[CN2] close() on a new client closes it', () => {
  const { client, told } = given()
  client.close()

  expect(told.statuses).toEqual(['closed'])
})

test('[TR7] methods work without their client', () => {
  const { client, link } = given()
  const { connect, close, on, onState } = client
  const heard: string[] = []
  onState(({ status }) => heard.push(status))
  on('news', () => heard.push('news'))
  connect()
  link().open()
  link().receive('{"type":"news"}')
  close()

  expect(heard).toEqual(['connecting', 'open', 'news', 'closed'])
})

test('[WS2] the protocol that was negotiated is part of the state', () => {
  const transport = rawTransport()
  const { client } = over(transport)
  client.connect()
  transport.links[0]?.observer.opened({ protocol: 'graphql' })

  expect(client.state).toMatchObject({ status: 'open', protocol: 'graphql' })
})

test('[WS2] without a protocol the state has none', () => {
  const transport = rawTransport()
  const { client } = over(transport)
  client.connect()
  transport.links[0]?.observer.opened()

  expect('protocol' in client.state).toBe(false)
})

test('one transport serves many clients', () => {
  const transport = fakeTransport()
  const [first, second] = [over(transport), over(transport)]
  first.client.connect()
  second.client.connect()
  transport.links[1]?.open()
  first.client.close()

  expect(first.client.state.status).toBe('closed')
  expect(second.client.state.status).toBe('open')
})

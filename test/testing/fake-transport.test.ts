import { expect, test } from 'vitest'
import { binary, createClient } from '../../src/index.ts'
import { fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'
import { given, givenConnecting, givenOpen } from '../circumstances.ts'

test('it is a duplex transport named fake', () => {
  expect(fakeTransport()).toMatchObject({ name: 'fake', duplex: true, links: [] })
})

test('name and direction are options', () => {
  const transport = fakeTransport({ name: 'feed', duplex: false })

  expect(transport.name).toBe('feed')
  expect('duplex' in transport).toBe(false)
})

test('its links come in the order they were asked for', () => {
  const { client, transport } = given()
  client.connect()
  client.reconnect()

  expect(transport.links.map(({ closed }) => closed)).toEqual([true, false])
})

test('its name is the transport of the state', () => {
  expect(givenOpen().client.state).toMatchObject({ transport: 'fake' })
})

test('a string is received as a text frame', () => {
  const { client, link } = givenOpen()
  const heard: unknown[] = []
  client.onAny((data, { event }) => heard.push([event, data]))
  link().receive('{"type":"news","data":1}')
  link().receive({ data: '2', event: 'sse' })

  expect(heard).toEqual([
    ['news', 1],
    ['sse', 2],
  ])
})

test('[WS1] bytes that it has sent are those of then, whatever is written into them later', () => {
  const { client, link } = givenOpen({ codec: binary() })
  const bytes = Uint8Array.of(1, 2, 3)
  client.send('message', bytes.subarray(1))
  bytes.fill(0)

  expect(link().sent).toEqual([Uint8Array.of(2, 3)])
})

test('a link that has not opened receives nothing, and says what to do first', () => {
  const { client, link } = givenConnecting()
  const heard: unknown[] = []
  client.onAny((data) => heard.push(data))

  expect(() => link().receive('1')).toThrow('call open() first')
  expect(heard).toEqual([])
})

test('in a handshake a link that has opened receives', async () => {
  const { client, environment, link } = givenConnecting({
    handshake: async ({ next }) => {
      await next('welcome')
    },
  })
  link().open()
  link().receive('{"type":"welcome"}')
  await environment.advance(0)

  expect(client.state.status).toBe('open')
})

test.each([
  [{ status: 401 }, 'unauthorized'],
  [{ status: 403 }, 'refused'],
  [{ status: 503 }, 'unreachable'],
  [{ status: 204 }, 'ended'],
  [{ status: 200 }, 'unreachable'],
  [{ code: 'not-a-stream', status: 403 }, 'not-a-stream'],
] as const)('[FS2] a status means what it means to a stream, unless there is a code: %o', (end, code) => {
  const { link, told } = givenConnecting()
  link().end(end)

  expect(told.errors[0]).toMatchObject({ code, status: end.status })
})

test('an end without a code is unreachable before the opening', () => {
  const { link, told } = givenConnecting()
  link().end()

  expect(told.codes).toEqual(['unreachable'])
})

test('an end without a code is lost after the opening', () => {
  const { link, told } = givenOpen()
  link().end()

  expect(told.codes).toEqual(['lost'])
})

test('an end has the facts it was given', () => {
  const { link, told } = givenOpen()
  const facts = { code: 'refused', status: 403, closeCode: 4003, closeReason: 'no', retryAfter: 5 } as const
  link().end(facts)

  expect(told.errors).toMatchObject([facts])
})

test.each(['close', 'end'] as const)('[TR2][TR3] after %s a link says nothing more', (how) => {
  const { client, link, told } = givenOpen()
  const first = link()
  if (how === 'close') client.close()
  else first.end()
  const before = told.states.length
  first.open()
  first.receive('1')
  first.end()

  expect(told.states).toHaveLength(before)
  expect(told.errors).toHaveLength(how === 'close' ? 0 : 1)
})

test('[TR3] closing twice keeps the first code', () => {
  const transport = fakeTransport()
  const link = transport.open({} as never, {} as never)
  link.close(4000, 'first')
  link.close(4001, 'second')

  expect(transport.links[0]).toMatchObject({ closed: true, closedWith: [4000, 'first'] })
})

test.each([
  [4401, 'unauthorized'],
  [3000, 'unauthorized'],
  [1008, 'refused'],
  [1009, 'too-large'],
  [1006, 'lost'],
] as const)('an end with close code %s is %s, as on a WebSocket', (closeCode, code) => {
  const transport = fakeTransport()
  const client = createClient(transport, { environment: fakeEnvironment() })
  const codes: string[] = []
  client.onError((error) => codes.push(error.code))
  client.connect()
  transport.links[0]?.open()
  transport.links[0]?.end({ closeCode })

  expect(codes).toEqual([code])
})

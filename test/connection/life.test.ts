import { expect, test } from 'vitest'
import { webSocket } from '../../src/index.ts'
import {
  everyStatus,
  givenConnecting,
  givenFailed,
  givenOpen,
  givenRaw,
  givenWaiting,
  over,
  rawTransport,
  say,
} from '../circumstances.ts'

const living = everyStatus.slice(0, -1)

/** A WebSocket that never opens, and all that were made. */
function fakeSockets() {
  const sockets: { closed: boolean }[] = []
  class FakeSocket {
    closed = false
    constructor() {
      sockets.push(this)
    }
    close() {
      this.closed = true
    }
  }
  return { sockets, WebSocket: FakeSocket as unknown as typeof WebSocket }
}

test.each(living)('[CN2] from %s, close() changes the state at once, and once', (_, circumstance) => {
  const { client, told } = circumstance()
  const before = told.states.length
  client.close()

  expect(client.state).toEqual({ status: 'closed' })
  expect(told.states.slice(before)).toEqual([client.state])
})

test.each(everyStatus)('[CN2] from %s, close() leaves no timer', (_, circumstance) => {
  const { client, environment } = circumstance()
  client.close()

  expect(environment.held).toBe(0)
})

test.each([
  ['connecting', givenConnecting],
  ['open', givenOpen],
] as const)(
  '[CN2] from %s, close() closes the link, with code and reason, and aborts the attempt',
  (_, circumstance) => {
    const { client, link } = circumstance()
    client.close(4001, 'bye')

    expect(link()).toMatchObject({ closed: true, closedWith: [4001, 'bye'] })
    expect(link().request.signal.aborted).toBe(true)
  },
)

test('[CN2] what an earlier close() said is not said to a later link', () => {
  const { client, link } = givenOpen()
  client.close(4001, 'bye')
  client.connect()
  const replaced = link()
  client.reconnect()

  expect(replaced.closed).toBe(true)
  expect(replaced.closedWith[0]).toBeUndefined()
})

test('[CN2] close() on a closed client changes nothing', () => {
  const { client, told } = givenFailed()
  const { state } = client
  const heard = told.states.length
  client.close()

  expect(client.state).toBe(state)
  expect(told.states).toHaveLength(heard)
})

test('[CN2] what comes after close() is not heard', async () => {
  const { client, environment, link, told } = givenOpen()
  client.on('news', () => client.connect())
  const closed = link()
  client.close()
  say(closed, 'news')
  closed.end()
  await environment.advance(600_000)

  expect(told.statuses).toEqual(['connecting', 'open', 'closed'])
  expect(told.errors).toEqual([])
})

test.each(everyStatus)('[CN3] the state of %s is frozen and stays the same object', (_, circumstance) => {
  const { client } = circumstance()

  expect(client.state).toBe(client.state)
  expect(Object.isFrozen(client.state)).toBe(true)
})

test('[CN3] every notified state is a new one', async () => {
  const { client, environment, link, told } = givenOpen()
  link().end()
  await environment.advance(600)
  client.reconnect()
  client.close()

  expect(told.statuses).toEqual(['connecting', 'open', 'waiting', 'connecting', 'connecting', 'closed'])
  expect(new Set(told.states).size).toBe(6)
})

test.each([
  ['opens', 'opened'],
  ['ends', 'ended'],
  ['is interrupted', 'interrupted'],
  ['receives', 'received'],
] as const)('[CN4] a replaced link that %s is not heard', (_, report) => {
  const { client, link, told } = givenRaw()
  client.connect()
  const replaced = link()
  client.reconnect()
  const { state } = client
  replaced.observer[report]({ data: 'late' } as never, 0 as never)

  expect(client.state).toBe(state)
  expect(told.errors).toEqual([])
  expect(client.lastEventId).toBe('')
})

test('[CN4] a replaced link has no say in the waits to come', () => {
  const { client, link } = givenRaw()
  client.connect()
  const replaced = link()
  client.reconnect()
  replaced.observer.retryAfter(20_000)
  link().observer.ended(undefined as never)

  expect(client.state).toMatchObject({ status: 'waiting', retryAt: 1_700_000_000_600 })
})

test('[CN5] connect() during a wait dials now and cancels the wait', async () => {
  const { client, environment, transport } = givenWaiting()
  client.connect()
  await environment.advance(9000)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  expect(transport.links).toHaveLength(2)
})

test.each(['connecting', 'open'] as const)('[CN5] connect() while %s does nothing', (status) => {
  const { client, transport } = status === 'open' ? givenOpen() : givenConnecting()
  const { state } = client
  client.connect()

  expect(client.state).toBe(state)
  expect(transport.links).toHaveLength(1)
})

test.each([
  ['reconnect()', ({ client }: ReturnType<typeof givenOpen>) => client.reconnect()],
  [
    'close() and connect()',
    ({ client }: ReturnType<typeof givenOpen>) => {
      client.close()
      client.connect()
    },
  ],
])('[CN5][CN6] %s in one tick leave exactly one live link', (_, act) => {
  const all = givenOpen()
  act(all)

  expect(all.transport.links.map(({ closed }) => closed)).toEqual([true, false])
})

test('[CN5] an old link is closed before its successor is asked for, also from an abort listener', () => {
  let liveOnes = 0
  let most = 0
  const transport = rawTransport({
    open(link) {
      liveOnes += 1
      most = Math.max(most, liveOnes)
      link.request.signal.addEventListener('abort', () => client.connect())
    },
    close() {
      liveOnes -= 1
    },
  })
  const { client } = over(transport)
  client.connect()
  client.close()

  expect(client.state.status).toBe('connecting')
  expect(most).toBe(1)
})

test('[CN6] connect(), close() and connect() in one tick make one socket', async () => {
  const { sockets, WebSocket } = fakeSockets()
  const { client, environment } = over(webSocket('ws://localhost', { WebSocket }))
  client.connect()
  client.close()
  client.connect()
  await environment.advance(0)

  expect(sockets.map(({ closed }) => closed)).toEqual([false])
})

test('[CN13] an open and an end in one task do not leave the state open', () => {
  const { client, link } = givenConnecting()
  link().open()
  link().end()

  expect(client.state.status).toBe('waiting')
})

test('[CN13] an open and an end inside of open() do not leave the state open', () => {
  const { client, told } = givenRaw({
    open({ observer }) {
      observer.opened()
      observer.ended(undefined as never)
    },
  })
  client.connect()

  expect(client.state.status).toBe('waiting')
  expect(told.statuses).toEqual(['connecting', 'open', 'waiting'])
})

test('[RS2] each attempt is told its number and why the one before it ended', async () => {
  const { link, environment } = givenConnecting()
  link().end({ status: 503 })
  await environment.advance(600)

  expect(link().request).toMatchObject({ attempt: 2, error: { code: 'unreachable', status: 503 } })
})

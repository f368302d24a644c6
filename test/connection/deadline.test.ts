import { expect, test } from 'vitest'
import { type Attempt, eventSource, type Handshake, type Transport, webSocket } from '../../src/index.ts'
import { type FakeEnvironment, fakeEnvironment } from '../../src/testing/index.ts'
import { givenConnecting, live, newest, over } from '../circumstances.ts'
import { sleepingEnvironment } from '../sleeping-environment.ts'

/** A platform socket or source that never answers, and how many were made. */
function fakePlatform() {
  const made: object[] = []
  class Silent {
    constructor() {
      made.push(this)
    }
    addEventListener() {}
    removeEventListener() {}
    close() {}
  }
  return { made, Silent: Silent as unknown as typeof WebSocket & typeof EventSource }
}

type Ask = (attempt: Attempt, environment: FakeEnvironment) => string | Promise<string>

/** A client that connects over each transport, whose URL comes from `ask`. */
function givenProvider(name: string, ask: Ask) {
  const { made, Silent } = fakePlatform()
  const environment = fakeEnvironment()
  const attempts: Attempt[] = []
  const url = (attempt: Attempt) => {
    attempts.push(attempt)
    return ask(attempt, environment)
  }
  const transport: Transport =
    name === 'webSocket' ? webSocket(url, { WebSocket: Silent }) : eventSource(url, { EventSource: Silent })
  const all = over(transport as never, { environment })
  all.client.connect()
  return { ...all, made, attempts }
}

const never: Ask = () => new Promise(() => {})
const after =
  (ms: number): Ask =>
  (_, environment) =>
    new Promise((resolve) => environment.setTimer(() => resolve('/live'), ms))

const transports = ['webSocket', 'eventSource']

test.each(transports)('[CN9] a provider of %s that never settles runs into the deadline', async (name) => {
  const { client, environment } = givenProvider(name, never)
  await environment.advance(9999)
  expect(client.state.status).toBe('connecting')
  await environment.advance(1)

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2, error: { code: 'timeout', retryable: true } })
})

test.each(transports)('[CN9] one deadline covers provider and handshake of %s', async (name) => {
  const { client, environment, made } = givenProvider(name, after(6000))
  await environment.advance(9999)
  expect(made).toHaveLength(1)
  expect(client.state.status).toBe('connecting')
  await environment.advance(1)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
})

test.each(transports)('[CN9] a provider of %s that settles after the deadline opens nothing', async (name) => {
  const { environment, made } = givenProvider(name, after(10_100))
  await environment.advance(10_200)

  expect(made).toEqual([])
})

test.each(transports)('[CN9] the deadline aborts the attempt of %s', async (name) => {
  const { attempts, environment } = givenProvider(name, never)
  expect(newest(attempts).signal.aborted).toBe(false)
  await environment.advance(10_000)

  expect(newest(attempts).signal.aborted).toBe(true)
})

test('[CN9] the deadline is openTimeout after the start of each attempt', async () => {
  const { client, environment, link } = givenConnecting({ openTimeout: 300 })
  expect(link().request.deadline).toBe(environment.now() + 300)
  await environment.advance(300 + 600)
  expect(link().request).toMatchObject({ attempt: 2, deadline: environment.now() + 300 })
  await environment.advance(300)

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 3 })
})

test.each([
  ['shown', (environment: FakeEnvironment) => environment.setVisible(true)],
  ['online', (environment: FakeEnvironment) => environment.setOnline(true)],
])('[BO5] a try whose time is over, and whose timer is late, is no reason to wait in a page that is %s', (_, tell) => {
  const environment = sleepingEnvironment()
  environment.setVisible(false)
  const { client, told, transport } = givenConnecting({ environment })
  environment.sleep(10_001)
  tell(environment)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2, error: { code: 'timeout' } })
  expect(told.codes).toEqual(['timeout'])
  expect(live(transport.links)).toBe(1)
})

test.each([
  ['LC2', 'freeze', (environment: FakeEnvironment) => environment.freeze(), 'suspended'],
  ['LC2', 'pagehide', (environment: FakeEnvironment) => environment.pageHide(true), 'suspended'],
  ['LC6', 'offline', (environment: FakeEnvironment) => environment.setOnline(false), 'connecting'],
  ['CN9', 'a page that is hidden', (environment: FakeEnvironment) => environment.setVisible(false), 'connecting'],
])('[%s] %s tells of no try that its time is over', (_, _name, tell, status) => {
  const environment = sleepingEnvironment()
  const { client, told } = givenConnecting({ environment, reconnect: false })
  environment.sleep(10_001)
  tell(environment)

  expect(client.state.status).toBe(status)
  expect(told.codes).toEqual([])
})

test('[BO5] a try that has time left goes on in a page that is shown', () => {
  const environment = sleepingEnvironment()
  environment.setVisible(false)
  const { client, transport } = givenConnecting({ environment })
  environment.sleep(10_000)
  environment.setVisible(true)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  expect(transport.links).toHaveLength(1)
})

test('[CN9] a link that is open has no deadline', async () => {
  const { client, environment, link } = givenConnecting()
  link().open()
  // A listener to the page, and no timer.
  expect(environment.held).toBe(1)
  await environment.advance(600_000)

  expect(client.state.status).toBe('open')
})

test('[CN9] a link that misses the deadline is closed', async () => {
  const { environment, link } = givenConnecting()
  await environment.advance(10_000)

  expect(link().closed).toBe(true)
})

test.each(['opens', 'ends the handshake of'])(
  '[CN9] what %s a link in time is heard behind a deadline that a busy page was late for',
  async (what) => {
    const handshake = { handshake: async ({ next }: Handshake) => void (await next('welcome')) }
    const all = givenConnecting(what === 'opens' ? {} : handshake)
    const { client, environment, link, told } = all
    if (what !== 'opens') link().open()
    // In Firefox a timer that is due goes before what a socket has to say.
    environment.setTimer(() => (what === 'opens' ? link().open() : link().receive('{"type":"welcome"}')), 10_000)
    await environment.advance(10_000)

    expect(client.state.status).toBe('open')
    expect(told.codes).toEqual([])
  },
)

import { expect, test } from 'vitest'
import type { FakeEnvironment } from '../../src/testing/index.ts'
import { given, givenWaiting } from '../circumstances.ts'
import { jump } from '../delivery/jump.ts'
import { sleepingEnvironment } from '../sleeping-environment.ts'
import { givenRestoring, givenRetryAfter, hiddenPage } from './resting.ts'

const news: readonly [string, (page: FakeEnvironment) => void][] = [
  ['online', (page) => page.setOnline(true)],
  ['a page that is shown', (page) => page.setVisible(true)],
  ['pageshow', (page) => page.pageShow(true)],
]

test.each(news)('[BO5] %s ends a wait at once, for the try that was waited for', async (_, tell) => {
  const environment = hiddenPage()
  const { client, link, told, transport } = givenWaiting({ environment })
  await environment.advance(100)
  tell(environment)
  expect(client.state).toEqual({ status: 'connecting', attempt: 2, error: told.errors[0] })
  expect(link().request.attempt).toBe(2)
  // The wait is cancelled.
  await environment.advance(9000)

  expect(transport.links).toHaveLength(2)
})

test.each(news)('[BO5] %s ends no wait that the server asked for', async (_, tell) => {
  const environment = hiddenPage()
  const { client, askedUntil, transport } = givenRetryAfter({ environment })
  const { state } = client
  await environment.advance(1000)
  tell(environment)
  expect(client.state).toBe(state)
  await environment.advance(askedUntil - environment.now() - 1)
  expect(transport.links).toHaveLength(1)
  await environment.advance(1)

  expect(transport.links).toHaveLength(2)
})

test.each(news)(
  '[BO5] %s ends no wait that the server asked for in its last part either, which keeps equal answers apart',
  async (_, tell) => {
    const environment = hiddenPage()
    const { askedUntil, transport } = givenRetryAfter({ environment })
    await environment.advance(askedUntil - environment.now() - 1)
    tell(environment)
    expect(transport.links).toHaveLength(1)
    await environment.advance(1)

    expect(transport.links).toHaveLength(2)
  },
)

test.each(news)(
  '[BO5] %s ends a wait that is longer than the server asked for, but not before that time',
  async (_, tell) => {
    const environment = hiddenPage()
    const { client, link, transport } = given({ environment, reconnect: () => 20_000 })
    client.connect()
    link().end({ retryAfter: 2000 })
    await environment.advance(1999)
    tell(environment)
    expect(client.state.status).toBe('waiting')
    await environment.advance(1)
    environment.setVisible(false)
    tell(environment)

    expect(client.state).toMatchObject({ status: 'connecting', attempt: 2 })
    expect(transport.links).toHaveLength(2)
  },
)

test('[BO5] a page that comes back before the time that the server asked for waits as long as it would have', async () => {
  const { client, environment, link } = given({ reconnect: () => 20_000 })
  client.connect()
  link().end({ retryAfter: 2000 })
  const { state } = client
  environment.setOnline(false)
  await environment.advance(1000)
  environment.setOnline(true)

  expect(client.state).toEqual(state)
})

test.each(['connect', 'reconnect'] as const)('[BO5] %s() ends a wait that the server asked for', async (call) => {
  const { client, environment, transport } = givenRetryAfter()
  client[call]()

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  await environment.advance(9000)
  expect(transport.links).toHaveLength(2)
})

test.each(news)('[BO5] %s ends the wait after a forced try, which the server did not ask for', (_, tell) => {
  const environment = hiddenPage()
  const { client, link, transport } = givenRetryAfter({ environment })
  client.connect()
  link().end()
  tell(environment)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2 })
  expect(transport.links).toHaveLength(3)
})

test.each(['connect', 'reconnect'] as const)(
  '[BO5] a try that %s() has forced is made again after a freeze',
  (call) => {
    const { client, environment, transport } = givenRetryAfter()
    client[call]()
    environment.freeze()
    environment.resume()

    expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
    expect(transport.links).toHaveLength(3)
  },
)

test.each(news)('[BO5] %s ends the next wait, once the one that the server asked for is over', async (_, tell) => {
  const environment = hiddenPage()
  const { client, link, transport } = givenRetryAfter({ environment })
  await environment.advance(66_000)
  link().end()
  tell(environment)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 3 })
  expect(transport.links).toHaveLength(3)
})

test('[BO5] a client that was offline goes back to the rest of a wait that the server asked for', async () => {
  const { client, environment, askedUntil, told, transport } = givenRetryAfter()
  environment.setOnline(false)
  await environment.advance(10_000)
  environment.setOnline(true)
  expect(client.state).toEqual({ status: 'waiting', attempt: 2, retryAt: askedUntil, error: told.errors[0] })
  await environment.advance(55_999)
  expect(transport.links).toHaveLength(1)
  await environment.advance(1)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2 })
  expect(transport.links).toHaveLength(2)
})

test('[BO5] a client that was offline for longer than the server asked for dials when it is online', async () => {
  const { client, environment, transport } = givenRetryAfter()
  environment.setOnline(false)
  await environment.advance(66_000)
  expect(transport.links).toHaveLength(1)
  environment.setOnline(true)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2 })
  expect(transport.links).toHaveLength(2)
})

test('[BO5] a page that was hidden goes back to the rest of a wait that the server asked for', async () => {
  const { client, environment, askedUntil } = givenRetryAfter({ lifecycle: { hidden: 1000 } })
  environment.setVisible(false)
  await environment.advance(1000)
  expect(client.state).toMatchObject({ status: 'suspended', reason: 'hidden' })
  environment.setVisible(true)

  expect(client.state).toMatchObject({ status: 'waiting', retryAt: askedUntil })
})

test('[BO5] a client that rests while the server asked for time dials when the user calls connect()', () => {
  const { client, environment } = givenRetryAfter()
  environment.setOnline(false)
  client.connect()

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
})

test('[BO5] online leaves a link alone that the browser restores', async () => {
  const { client, environment, link, transport } = givenRestoring()
  environment.setOnline(true)
  expect(link().closings).toBe(0)
  link().observer.opened()

  expect(client.state.status).toBe('open')
  expect(transport.links).toHaveLength(1)
})

test('[BO5] a clock set back does not bring back a wait that is over', async () => {
  const environment = sleepingEnvironment()
  const { client, link } = given({ environment })
  client.connect()
  link().end({ code: 'unreachable', retryAfter: 60_000 })
  await environment.advance(75_000)
  expect(client.state.status).toBe('connecting')
  link().open()
  environment.sleep(-600_000)
  environment.freeze()
  environment.resume()
  expect(client.state.status).toBe('connecting')
})

test('[BO5] a page that comes and goes while the server wants to be left alone does not make it longer, though the clock was set back', async () => {
  const { environment, transport } = givenRetryAfter({ lifecycle: { hidden: 0 } })
  jump(environment, -3_600_000)
  for (let time = 0; time < 2; time += 1) {
    environment.setVisible(false)
    await environment.advance(1)
    environment.setVisible(true)
    await environment.advance(35_000)
  }

  expect(transport.links).toHaveLength(2)
})

test('[BO5] what is left of a wait that the server asked for is no longer than it was, though the clock was set back', async () => {
  const { client, environment } = givenRetryAfter()
  jump(environment, -3_600_000)
  environment.setOnline(false)
  environment.setOnline(true)
  expect(client.state).toMatchObject({ status: 'waiting' })
  await environment.advance(66_000)

  expect(client.state.status).toBe('connecting')
})

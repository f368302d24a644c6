import { expect, test } from 'vitest'
import type { ReconnectPolicy } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { given, givenOpen, givenWaiting, waitOf } from '../circumstances.ts'
import { givenAsked, givenRestored } from './resting.ts'

type Page = ReturnType<typeof fakeEnvironment>

/** The page is hidden already, so that it can be shown. */
function hiddenPage() {
  const environment = fakeEnvironment()
  environment.setVisible(false)
  return environment
}

const news: readonly [string, (page: Page) => void][] = [
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
  const { client, askedUntil, transport } = givenAsked({ environment })
  const { state } = client
  await environment.advance(1000)
  tell(environment)
  expect(client.state).toBe(state)
  await environment.advance(askedUntil - environment.now() - 1)
  expect(transport.links).toHaveLength(1)
  await environment.advance(1)

  expect(transport.links).toHaveLength(2)
})

test.each(['connect', 'reconnect'] as const)('[BO5] %s() ends a wait that the server asked for', async (call) => {
  const { client, environment, transport } = givenAsked()
  client[call]()

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  await environment.advance(9000)
  expect(transport.links).toHaveLength(2)
})

test.each(news)('[BO5] %s ends the wait after a forced try, which the server did not ask for', (_, tell) => {
  const environment = hiddenPage()
  const { client, link, transport } = givenAsked({ environment })
  client.connect()
  link().end()
  tell(environment)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2 })
  expect(transport.links).toHaveLength(3)
})

test.each(news)('[BO5] %s ends the next wait, once the one that the server asked for is over', async (_, tell) => {
  const environment = hiddenPage()
  const { client, link, transport } = givenAsked({ environment })
  await environment.advance(66_000)
  link().end()
  tell(environment)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 3 })
  expect(transport.links).toHaveLength(3)
})

test('[BO5] a client that was offline goes back to the rest of a wait that the server asked for', async () => {
  const { client, environment, askedUntil, told, transport } = givenAsked()
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
  const { client, environment, transport } = givenAsked()
  environment.setOnline(false)
  await environment.advance(66_000)
  expect(transport.links).toHaveLength(1)
  environment.setOnline(true)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2 })
  expect(transport.links).toHaveLength(2)
})

test('[BO5] a page that was hidden goes back to the rest of a wait that the server asked for', async () => {
  const { client, environment, askedUntil } = givenAsked({ lifecycle: { hidden: 1000 } })
  environment.setVisible(false)
  await environment.advance(1000)
  expect(client.state).toMatchObject({ status: 'suspended', reason: 'hidden' })
  environment.setVisible(true)

  expect(client.state).toMatchObject({ status: 'waiting', retryAt: askedUntil })
})

test('[BO5] a client that rests while the server asked for time dials when the user calls connect()', () => {
  const { client, environment } = givenAsked()
  environment.setOnline(false)
  client.connect()

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
})

test('[BO5] online leaves a link alone that the browser restores', async () => {
  const { client, environment, link, transport } = givenRestored()
  environment.setOnline(true)
  expect(link().closings).toBe(0)
  link().observer.opened()

  expect(client.state.status).toBe('open')
  expect(transport.links).toHaveLength(1)
})

/** A link that was open in a hidden page and has failed so many times since. */
async function givenHiddenFailures(failures: number, options: Parameters<typeof given>[0] = {}) {
  const all = givenOpen(options)
  all.environment.setVisible(false)
  const waits: number[] = []
  for (let count = 0; count < failures; count += 1) {
    all.link().end()
    if (all.client.state.status === 'waiting') {
      waits.push(waitOf(all))
      await all.environment.advance(waitOf(all))
    }
  }
  return { ...all, waits }
}

test('[BO7] tries in a hidden page raise the delay', async () => {
  const { waits } = await givenHiddenFailures(5)

  expect(waits).toEqual([600, 1200, 2400, 4800, 9600])
})

test('[BO7] tries in a hidden page do not count towards maxAttempts', async () => {
  const { client, link, told } = await givenHiddenFailures(10, { reconnect: { maxAttempts: 2 } })
  link().end()

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 12 })
  expect(told.errors).toHaveLength(11)
})

test('[BO7] tries from before and after a hide count, and those during it do not', async () => {
  const all = givenWaiting({ reconnect: { maxAttempts: 3 } })
  const { client, environment, link } = all
  environment.setVisible(false)
  for (let count = 0; count < 4; count += 1) {
    await environment.advance(waitOf(all))
    link().end()
  }
  // Ends the wait, and this try is seen.
  environment.setVisible(true)
  link().end()
  expect(client.state).toMatchObject({ status: 'waiting', attempt: 7 })
  await environment.advance(waitOf(all))
  link().end()

  expect(client.state.status).toBe('closed')
})

test('[BO7] the delay that a hidden page has come to holds when it is shown', async () => {
  const all = await givenHiddenFailures(4)
  all.environment.setVisible(true)
  all.link().end()

  expect(waitOf(all)).toBe(9600)
})

test.each(['connect', 'reconnect'] as const)('[BO7] %s() forgets the tries of a hidden page', async (call) => {
  const { client, environment, link } = await givenHiddenFailures(4, { reconnect: { maxAttempts: 2 } })
  client.close()
  environment.setVisible(true)
  client[call]()
  link().end()
  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2 })
  await environment.advance(600)
  link().end()

  expect(client.state.status).toBe('closed')
})

test('[BO7] a stable link makes the tries before it forgotten, hidden or not', async () => {
  const { client, environment, link } = await givenHiddenFailures(4, { reconnect: { maxAttempts: 1 } })
  link().open()
  await environment.advance(5000)
  environment.setVisible(true)
  link().end()
  expect(client.state).toMatchObject({ status: 'waiting', attempt: 1 })
  await environment.advance(600)
  link().end()

  expect(client.state.status).toBe('closed')
})

test('[BO7] a policy is told the number of every try, hidden or not', async () => {
  const attempts: number[] = []
  const reconnect: ReconnectPolicy = ({ attempt }) => {
    attempts.push(attempt)
    return 100
  }
  const { environment, link } = await givenHiddenFailures(3, { reconnect })
  environment.setVisible(true)
  link().end()

  expect(attempts).toEqual([2, 3, 4, 5])
})

test('[BO7] a policy may stop in a hidden page', async () => {
  const { client } = await givenHiddenFailures(2, { reconnect: ({ attempt }) => (attempt > 2 ? null : 100) })

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unreachable' } })
})

test('[BO7] without reconnect a failure in a hidden page closes the client', () => {
  const environment = hiddenPage()
  const { client, link } = given({ environment, reconnect: false })
  client.connect()
  link().end()

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unreachable' } })
})

test('[BO7] where nobody knows whether the page is hidden every try counts', async () => {
  const { isHidden, ...rest } = hiddenPage()
  const { client, link } = given({ environment: rest as never, reconnect: { maxAttempts: 1 } })
  expect(isHidden()).toBe(true)
  client.connect()
  link().end()

  expect(client.state.status).toBe('closed')
})

/** What the tries of a hidden page count for. */
import { expect, test } from 'vitest'
import type { ReconnectPolicy } from '../../src/index.ts'
import { given, givenOpen, givenWaiting, waitOf } from '../circumstances.ts'
import { hiddenPage } from './resting.ts'

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

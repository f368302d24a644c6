/** What holds in every status holds at rest too, whatever the reason. */
import { expect, test } from 'vitest'
import type { ConnectionState } from '../../src/index.ts'
import type { fakeEnvironment } from '../../src/testing/index.ts'
import { countedSignal, type given, givenConnecting, givenOpen, givenSuspended } from '../circumstances.ts'
import { outcomeOf } from './greeting.ts'
import { givenHidden, givenOffline, givenRestoring, tellEverything } from './resting.ts'

type Options = NonNullable<Parameters<typeof given>[0]>
type Page = ReturnType<typeof fakeEnvironment>

const rests: readonly [
  string,
  (options?: Options) => ReturnType<typeof given> | ReturnType<typeof givenHidden>,
  (page: Page) => void,
][] = [
  ['offline', givenOffline, (page) => page.setOnline(true)],
  ['hidden', givenHidden, (page) => page.setVisible(true)],
  ['frozen', givenSuspended, (page) => page.resume()],
]

test.each(rests)('[CN2] close() at rest (%s) changes the state at once, once, and leaves nothing', async (_, rest) => {
  const { client, environment, told } = await rest()
  const before = told.states.length
  client.close()

  expect(client.state).toEqual({ status: 'closed' })
  expect(told.states.slice(before)).toEqual([client.state])
  expect(environment.held).toBe(0)
})

test.each(rests)('[CN3] the state of a rest (%s) is frozen and stays the same object', async (_, rest) => {
  const { client, told } = await rest()

  expect(client.state).toBe(told.states.at(-1))
  expect(client.state).toBe(client.state)
  expect(Object.isFrozen(client.state)).toBe(true)
})

test.each(rests)('[CN5] connect() at rest (%s) dials once, as attempt 1', async (_, rest) => {
  const { client, link, transport } = await rest()
  const dials = transport.links.length
  client.connect()
  client.connect()

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  expect(link().request.attempt).toBe(1)
  expect(transport.links).toHaveLength(dials + 1)
})

test.each(rests)('[CN6] close() and connect() at rest (%s) in one tick leave one live link', async (_, rest) => {
  const { client, transport } = await rest()
  const dials = transport.links.length
  client.close()
  client.connect()

  expect(transport.links.slice(dials).map(({ closed }) => closed)).toEqual([false])
})

test.each(rests)('[CN15] opened() waits at rest (%s), and resolves when it is open again', async (_, rest, goOn) => {
  const { client, environment, link } = await rest()
  const outcome = outcomeOf(client.opened())
  await environment.advance(3_600_000)
  expect(outcome()).toBe('pending')
  goOn(environment)
  link().open()
  await environment.advance(0)

  expect(outcome()).toBeUndefined()
})

test.each(rests)('[CN15] opened() rejects when a client at rest (%s) is closed', async (_, rest) => {
  const { client, environment } = await rest()
  const outcome = outcomeOf(client.opened())
  client.close()
  await environment.advance(0)

  expect(outcome()).toBe('aborted')
})

test.each(rests)('[SQ4] close() at rest (%s) empties the queue, and tells so', async (_, rest) => {
  const { client, told } = await rest()
  client.send('note', 1)
  client.close()

  expect(told.codes.at(-1)).toBe('aborted')
})

test.each(rests)('[CN2] the abort of its signal closes a client at rest (%s) for good', async (_, rest, goOn) => {
  const { abort, listeners, signal } = countedSignal()
  const { client, environment, transport } = await rest({ signal })
  const dials = transport.links.length
  abort()
  expect(client.state).toEqual({ status: 'closed' })
  expect(environment.held).toBe(0)
  expect(listeners.size).toBe(0)
  goOn(environment)
  client.connect()

  expect(client.state.status).toBe('closed')
  expect(transport.links).toHaveLength(dials)
})

test('[LC1][LC2] a rest carries the error of the failure before it, through every reason', async () => {
  const { client, environment, told } = givenOffline({ lifecycle: { hidden: 1000 } })
  const [error] = told.errors
  environment.pageHide(true)
  expect(client.state).toEqual({ status: 'suspended', reason: 'frozen', error })
  environment.setVisible(false)
  await environment.advance(1000)

  expect(client.state).toEqual({ status: 'suspended', reason: 'hidden', error })
})

test('[LC3] a rest without a failure before it carries no error', () => {
  const { client, environment } = givenConnecting()
  environment.freeze()

  expect(client.state).toEqual({ status: 'suspended', reason: 'frozen' })
})

test('[CN3] no state of a long life of a page is told twice, and none is the same again', async () => {
  const { environment, link, told } = givenOpen({ lifecycle: { hidden: 1000 } })
  for (let round = 0; round < 3; round += 1) {
    tellEverything(environment)
    link().open()
    tellEverything(environment)
    environment.setOnline(false)
    link().end()
    tellEverything(environment)
    environment.setVisible(false)
    await environment.advance(1000)
    tellEverything(environment)
    link().open()
  }

  expect(new Set(told.states).size).toBe(told.states.length)
  const repeated = told.states.filter((state, index) => briefly(state) === briefly(told.states[index - 1]))
  expect(repeated).toEqual([])
})

function briefly(state: ConnectionState | undefined): string | undefined {
  return state?.status === 'suspended' ? state.reason : state?.status
}

test('[ES2][CN2] close() of a client that rests after a link that the browser was restoring leaves nothing', () => {
  const { client, environment, link } = givenRestoring()
  environment.freeze()
  client.close()

  expect(link().closings).toBe(1)
  expect(environment.held).toBe(0)
})

/** Who listens to a page, for how long, and what becomes of a client that has none. */
import { expect, test } from 'vitest'
import type { PageEvent } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { given, givenConnecting, givenFailed, givenOpen } from '../circumstances.ts'
import { tellEverything } from './resting.ts'

test.each([
  ['a client that was never connected', given],
  ['a client that was closed', closedOne],
  ['a client that a failure has closed', givenFailed],
])('[CN11] %s does not listen to its page', (_, circumstance) => {
  const { client, environment } = circumstance()
  const { state } = client
  expect(environment.held).toBe(0)
  tellEverything(environment)

  expect(client.state).toBe(state)
})

function closedOne() {
  const all = givenOpen()
  all.client.close()
  return all
}

test.each(['closed while it was connecting', 'closed while it was waiting', 'closed by a failure'] as const)(
  '[CN11] a client that was %s is not revived by news of the page that come late',
  (circumstance) => {
    // Of an environment that goes on telling.
    const tell = new Set<(event: PageEvent) => void>()
    const watchPage = (listener: (event: PageEvent) => void) => void tell.add(listener)
    const environment = { ...fakeEnvironment(), watchPage }
    const all = givenConnecting({ environment })
    if (circumstance === 'closed by a failure') all.link().end({ code: 'refused' })
    if (circumstance === 'closed while it was waiting') all.link().end()
    all.client.close()
    const { state } = all.client
    for (const listener of tell) {
      for (const event of ['online', 'pageshow', 'resume', 'visibilitychange'] as const) listener(event)
    }

    expect(tell.size).toBeGreaterThan(0)
    expect(all.client.state).toBe(state)
    expect(all.transport.links).toHaveLength(1)
  },
)

test('[CN14] a thousand freezes leave what was there before', () => {
  const { environment, link, transport } = givenOpen({ lifecycle: { hidden: 1000 } })
  const { held } = environment
  for (let count = 0; count < 1000; count += 1) {
    environment.freeze()
    environment.resume()
    link().open()
  }

  expect(environment.held).toBe(held)
  expect(transport.links.filter(({ closed }) => !closed)).toHaveLength(1)
})

test.each([
  ['neither watchPage nor isHidden', ['watchPage', 'isHidden']],
  ['no watchPage', ['watchPage']],
  ['no isHidden', ['isHidden']],
] as const)('[LC5] an environment with %s is enough for a client', async (_, missing) => {
  const whole = fakeEnvironment()
  const environment: Partial<typeof whole> = Object.defineProperties({}, Object.getOwnPropertyDescriptors(whole))
  for (const name of missing) delete environment[name]
  const { client, link, told } = given({
    environment: environment as never,
    lifecycle: { hidden: 1000 },
    heartbeat: { probe: { event: 'ping' } },
  })
  client.connect()
  link().open()
  await whole.advance(30_000)
  link().end()
  await whole.advance(600)
  link().open()
  client.close()

  expect(told.statuses).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open', 'closed'])
  expect(whole.held).toBe(0)
})

test('[LC5] an environment that tells of its page and not whether it is seen wakes a client', () => {
  const { isHidden: _, ...rest } = fakeEnvironment()
  const { client, environment, link } = given({ environment: rest as never })
  client.connect()
  link().end()
  environment.setVisible(false)

  expect(client.state.status).toBe('connecting')
})

test('[LC2][LC3] each client on a page lives by itself', () => {
  const environment = fakeEnvironment()
  const [first, second] = [givenOpen({ environment }), givenOpen({ environment })]
  first.client.close()
  environment.freeze()
  environment.resume()

  expect(first.client.state.status).toBe('closed')
  expect(second.client.state.status).toBe('connecting')
  expect(second.transport.links).toHaveLength(2)
})

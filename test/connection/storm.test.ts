import { expect, test } from 'vitest'
import { createClient } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { densest, givenRaw, type RawLink, rawTransport, seeded } from '../circumstances.ts'

const start = 1_700_000_000_000

/** A thousand clients at one server, and every time at which one of them dials. */
function givenThousandClients(behavior: Parameters<typeof rawTransport>[0] = {}) {
  const environment = fakeEnvironment({ random: seeded(1), now: start })
  const dials: number[] = []
  const transport = rawTransport({
    open(link) {
      dials.push(environment.now() - start)
      behavior.open?.(link)
    },
  })
  for (let count = 0; count < 1000; count += 1) createClient(transport, { environment }).connect()
  return { environment, transport, dials }
}

/** A server that accepts, and ends the link after so long. */
function acceptsAndCloses(after: number, now: () => number, later: (task: () => void, ms: number) => void) {
  return (link: RawLink) => {
    link.observer.opened()
    later(() => link.observer.ended(lostAt(now())), after)
  }
}

function lostAt(time: number): never {
  return `lost at ${time}` as never
}

/** All dials of one client in a minute, if random numbers are as small as can be. */
async function dialsOfOneMinute(
  behavior: (environment: ReturnType<typeof fakeEnvironment>) => (link: RawLink) => void,
) {
  const environment = fakeEnvironment({ random: () => 0, now: start })
  const dials: number[] = []
  const answer = behavior(environment)
  const { client } = givenRaw(
    {
      open(link) {
        dials.push(environment.now() - start)
        answer(link)
      },
    },
    { environment },
  )
  client.connect()
  await environment.advance(60_000)
  return dials
}

const refusing = () => (link: RawLink) => link.observer.ended(lostAt(0))

test('[BO1] of a thousand clients whose open links drop together, no 100 ms see more than 20 % again', async () => {
  const { environment, transport, dials } = givenThousandClients()
  for (const { observer } of transport.links) observer.opened()
  await environment.advance(60_000)
  for (const { observer } of [...transport.links]) observer.ended(lostAt(0))
  await environment.advance(1000)
  const redials = dials.slice(1000)

  expect(redials).toHaveLength(1000)
  expect(densest(redials, 100)).toBeLessThanOrEqual(200)
})

test('[BO1] of a thousand clients whose first try fails together, no 100 ms see more than 20 % again', async () => {
  const { environment, transport, dials } = givenThousandClients()
  for (const { observer } of [...transport.links]) observer.ended(lostAt(0))
  await environment.advance(1000)
  const redials = dials.slice(1000)

  expect(redials).toHaveLength(1000)
  expect(densest(redials, 100)).toBeLessThanOrEqual(200)
})

test.each([0, 100, 2000, 4999])(
  '[BO2] a server that closes %d ms after accepting sees at most 15 tries in a minute',
  async (after) => {
    const dials = await dialsOfOneMinute(({ now, setTimer }) => acceptsAndCloses(after, now, setTimer))

    expect(dials.length).toBeGreaterThan(5)
    expect(dials.length).toBeLessThanOrEqual(15)
  },
)

test('[BO2] a server that refuses at once sees at most 15 tries in a minute', async () => {
  const dials = await dialsOfOneMinute(refusing)

  expect(dials.length).toBeGreaterThan(5)
  expect(dials.length).toBeLessThanOrEqual(15)
})

test.each([
  ['refuses at once', refusing],
  ['accepts and closes', ({ now, setTimer }) => acceptsAndCloses(0, now, setTimer)],
  ['closes links that have just become stable', ({ now, setTimer }) => acceptsAndCloses(5000, now, setTimer)],
] as const satisfies readonly (readonly [string, Parameters<typeof dialsOfOneMinute>[0]])[])(
  '[BO3] a server that %s never sees more than two tries within 500 ms',
  async (_, behavior) => {
    const dials = await dialsOfOneMinute(behavior)

    expect(dials.length).toBeGreaterThan(5)
    expect(densest(dials, 500)).toBeLessThanOrEqual(2)
  },
)

/** A heartbeat in a page that nobody sees, whose timers the browser holds back. */
import { expect, test } from 'vitest'
import type { HeartbeatOptions } from '../../src/realtime-client.ts'
import { givenRaw } from '../circumstances.ts'
import { heldBackEnvironment } from '../held-back-environment.ts'

const second = 1000
const minute = 60_000
const probed: HeartbeatOptions = { probe: { event: 'ping' } }

function givenHidden(heartbeat: HeartbeatOptions, longestChain: number) {
  const environment = heldBackEnvironment(longestChain)
  const all = givenRaw({}, { heartbeat, environment })
  all.client.connect()
  all.link().observer.opened()
  const hear = () => all.link().observer.received({ data: '1' })
  return { ...all, environment, hear }
}

/** The server answers what it is asked, within the second. */
async function answerFor(time: number, { environment, link, hear }: ReturnType<typeof givenHidden>): Promise<void> {
  for (let passed = 0; passed < time; passed += second) {
    const { length } = link().sent
    await environment.advance(second)
    if (link().sent.length > length) hear()
  }
}

test('[HB1] a link that answers is probed on time in a hidden page', async () => {
  const all = givenHidden(probed, 5)
  await answerFor(10 * minute, all)

  expect(all.client.state.status).toBe('open')
  expect(all.link().sent.length).toBeGreaterThanOrEqual(18)
})

test.each([
  ['probed', probed, 31],
  ['given up where it cannot be', {}, 38],
] as const)(
  '[HB1][HB3] a link that falls silent after ten minutes is %s, on time in a hidden page',
  async (_, heartbeat, seconds) => {
    const { environment, hear, link, client } = givenHidden(heartbeat, 5)
    for (let passed = 0; passed < 10 * minute; passed += 10 * second) {
      await environment.advance(10 * second)
      hear()
    }
    expect(link().sent).toEqual([])
    await environment.advance(seconds * second)

    expect(link().sent.length > 0 || client.state.status !== 'open').toBe(true)
  },
)

test('[HB1] where every timer takes a minute, a link is probed every minute: proxies give idle ones little more', async () => {
  const all = givenHidden(probed, 0)
  await answerFor(10 * minute, all)

  expect(all.client.state.status).toBe('open')
  expect(all.link().sent.length).toBeGreaterThanOrEqual(9)
})

test('[HB4] where every timer takes a minute, a link is asked twice, and given up after what has waited was let in', async () => {
  const { environment, link, client } = givenHidden(probed, 0)
  await environment.advance(3 * minute)
  expect(link().sent).toHaveLength(2)
  expect(client.state.status).toBe('open')
  await environment.advance(minute)

  expect(client.state).not.toMatchObject({ status: 'open' })
})

test('[HB4] an answer that has waited for the timer of a hidden page is let in before the link is given up', async () => {
  const { environment, hear, client } = givenHidden(probed, 0)
  await environment.advance(3 * minute)
  hear()
  await environment.advance(2 * minute)

  expect(client.state.status).toBe('open')
})

/** How much of what came is kept for a tab that sleeps, and what becomes of the rest. Without ids no server can send it again. */
import { expect, type TestContext, test } from 'vitest'
import { createHistory } from '../../src/cross-tab/history.ts'
import type { Inbound } from '../../src/index.ts'
import { becomes, givenOpenTabs, givenSleeper, numbered, type Tab } from './tabs.ts'

const megabyte = 1_048_576

test('[XT10] the newest 1,000 messages are kept', async (context) => {
  const numbers = Array.from({ length: 1001 }, (_, index) => index)

  const heard = await heardAfter(context, numbers.map(String))

  expect(heard).toEqual(numbers.slice(1))
})

test.for([
  { missed: 1000, links: 1 },
  { missed: 1001, links: 2 },
])(
  '[XT10] a tab that has missed $missed messages gets all of them, and that takes $links links',
  async ({ missed, links }, context) => {
    const numbers = Array.from({ length: missed }, (_, index) => index + 2)
    const { leader, link, sleeper, transport } = await givenSleeper(context, numbers)
    await leader.environment.advance(5000)

    sleeper.environment.resume()

    if (links > 1) {
      await becomes(() => transport.links.length, 2)
      link().open()
      for (const number of numbers) link().receive(numbered(number))
    }
    await becomes(() => sleeper.heard, [1, ...numbers])
    expect(leader.heard).toEqual([1, ...numbers])
    expect(transport.links).toHaveLength(links)
  },
)

test.for([
  { sizes: [10, megabyte - 12], kept: [10, megabyte - 12], why: 'at most 1 MB of messages is kept' },
  { sizes: [10, megabyte - 11], kept: [megabyte - 11], why: 'not a character more than 1 MB is kept' },
  { sizes: [10, megabyte, 10, 20], kept: [10, 20], why: 'where more than 1 MB has come, the oldest messages go first' },
  { sizes: [10, 2 * megabyte], kept: [2 * megabyte], why: 'a single message is kept, however long it is' },
])('[XT10] $why', async ({ sizes, kept }, context) => {
  const heard = await heardAfter(
    context,
    sizes.map((size) => JSON.stringify('a'.repeat(size - 2))),
  )

  expect(heard.map((data) => `${data}`.length + 2)).toEqual(kept)
})

test.each(['event', 'id'])('[XT10] the %s of a message counts towards the 1 MB, too', (field) => {
  const heard: unknown[] = []
  const history = createHistory()
  for (const data of ['1', '2', '3']) history.add([1, Number(data), '', { data, [field]: 'x'.repeat(megabyte / 2) }])
  for (const [, , , frame] of history.since([1, 0, ''])) heard.push(frame?.data)

  // What is not kept is answered by the newest.
  expect(history.find([1, 2, ''])).toBe(-1)
  expect(heard).toEqual(['3'])
})

test('[XT10] bytes count as bytes', async (context) => {
  const { link, sleeper } = await givenSleeperWithoutId(context)
  for (const size of [10, megabyte - 9]) link().receive({ data: new ArrayBuffer(size) })

  sleeper.environment.resume()

  await becomes(() => sleeper.heard.length, 2)
  expect(sleeper.heard[1]).toHaveProperty('byteLength', megabyte - 9)
})

test('[XT10] an id that holds for more than is kept is not where the tab was, and the server is asked', async (context) => {
  const { leader, link, sleeper, transport } = await givenSleeper(context, [])
  const numbers = Array.from({ length: 1001 }, (_, index) => index + 2)
  for (const number of numbers) link().receive({ ...numbered(number), id: '1', isHeld: true } as Inbound)
  await leader.environment.advance(5000)

  sleeper.environment.resume()
  await becomes(() => transport.links.length, 2)
  expect(link().request.lastEventId).toBe('1')
  link().open()
  for (const number of numbers) link().receive({ ...numbered(number), id: '1', isHeld: true } as Inbound)

  await becomes(() => sleeper.heard, [1, ...numbers])
})

/** What a tab gets of these when it wakes. */
async function heardAfter(context: TestContext, missed: readonly string[]): Promise<readonly unknown[]> {
  const { link, sleeper } = await givenSleeperWithoutId(context)
  for (const data of missed) link().receive({ data, event: 'n' })

  sleeper.environment.resume()
  await becomes(() => sleeper.heard.length > 1, true)

  // All that it gets it gets at once.
  return sleeper.heard.slice(1)
}

/** It has heard one message, and sleeps. */
async function givenSleeperWithoutId(context: TestContext) {
  const { followers, link } = await givenOpenTabs(context, 2)
  const sleeper = followers[0] as Tab
  link().receive({ data: '0', event: 'n' })
  await becomes(() => sleeper.heard, [0])
  sleeper.environment.freeze()
  return { link, sleeper }
}

import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { transports } from './numbered-tab.ts'
import { allOpen, openMany, read, type Tab, useTabs } from './use-tabs.ts'

const openTabs = useTabs()
const carriers = { webSocket: 'websocket', eventSource: 'eventsource', fetchStream: 'fetch-stream' } as const

for (const transport of transports) {
  test(`[XT1] [XT2] ${transport}: eight pages share one link, and each gets 10,000 messages once and in order`, async (context) => {
    const tabs = await openTabs(context, transport)
    const { server } = tabs
    const pages = await openMany(tabs, 8)

    for (let number = 50; number <= 10_000; number += 50) {
      server.sendUntil(number)
      // In the pace of a link and not of a loop.
      await new Promise((resolve) => setImmediate(resolve))
    }

    for (const { page } of pages) await eventually(async () => (await read(page)).last).toBe(10_000)
    const heard = await Promise.all(pages.map(({ page }) => read(page)))
    expect(heard).toEqual(
      pages.map(() => ({
        first: 1,
        last: 10_000,
        faults: [],
        status: 'open',
        carrier: carriers[transport],
        codes: [],
      })),
    )
    expect([server.dials, server.live.length]).toEqual([1, 1])
  })
}

test('[XT1] eventSource: without sharing, the seventh page over HTTP/1.1 hangs', async (context) => {
  const tabs = await openTabs(context, 'eventSource')
  const six: Tab[] = []
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) six.push(await tabs.open(name))
  await allOpen(six)

  // Not even its document comes: the six connections of HTTP/1.1 are taken.
  const seventh = tabs.open('g').catch(() => undefined)
  six[0]?.page.evaluate(() => fetch('/')).catch(() => {})
  expect(await Promise.race([seventh, pause(3000)])).toBe('nothing')

  await six[0]?.page.close()
  const tab = await seventh
  expect(tab?.name).toBe('page 7')
})

test('[XT2] webSocket: what a follower sends arrives over the one link', async (context) => {
  const tabs = await openTabs(context, 'webSocket')
  const pages = await openMany(tabs, 2)

  for (const { page } of pages) await page.evaluate(() => window.tab.client.send('said', 'hello'))

  await eventually(() => tabs.server.received).toEqual(['hello', 'hello'])
  expect(tabs.server.dials).toBe(1)
})

/** What is not there cannot be waited for: only time shows it. */
function pause(ms: number): Promise<'nothing'> {
  return new Promise((resolve) => setTimeout(resolve, ms, 'nothing'))
}

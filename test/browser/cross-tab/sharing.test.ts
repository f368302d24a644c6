import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { openMany, read, transports, useTabs } from './use-tabs.ts'

const openTabs = useTabs()

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
    expect(heard).toEqual(pages.map(() => ({ first: 1, last: 10_000, faults: [], status: 'open', codes: [] })))
    expect([server.dials, server.live.length]).toEqual([1, 1])
  })
}

test('[XT2] webSocket: what a follower sends arrives over the one link', async (context) => {
  const tabs = await openTabs(context, 'webSocket')
  const pages = await openMany(tabs, 2)

  for (const { page } of pages) await page.evaluate(() => window.tab.client.send('said', 'hello'))

  await eventually(() => tabs.server.received).toEqual(['hello', 'hello'])
  expect(tabs.server.dials).toBe(1)
})

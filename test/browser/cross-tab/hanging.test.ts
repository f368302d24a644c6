import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { transports } from './numbered-tab.ts'
import { openMany, read, useTabs } from './use-tabs.ts'

const openTabs = useTabs()
const leaderTimeout = 2000

for (const transport of transports) {
  test(`[XT3] [XT4] ${transport}: a leader whose page hangs is replaced, and follows when it comes back, without a gap or a repetition`, async (context) => {
    const tabs = await openTabs(context, transport, { leaderTimeout })
    const { server } = tabs
    const pages = await openMany(tabs, 8)
    const flow = setInterval(() => server.sendUntil(server.last + 5), 20)
    context.onTestFinished(() => clearInterval(flow))
    const leader = pages.find(({ name }) => name === server.live[0])
    if (!leader) throw new Error('Nobody leads.')
    await eventually(async () => (await read(leader.page)).last).toBeGreaterThan(0)

    const begun = performance.now()
    const awake = hang(leader.page)
    await eventually(() => server.dials).toBe(2)
    const takenOver = server.dialedAt - begun
    // The links of a page that hangs stay open: nobody else can close them.
    await awake
    await eventually(() => server.live.length).toBe(1)

    // Messages go on reaching the page that has come back, from the other one.
    const { last } = server
    await eventually(async () => (await read(leader.page)).last).toBeGreaterThan(last)
    clearInterval(flow)
    for (const { page } of pages) await eventually(async () => (await read(page)).last).toBe(server.last)
    const heard = await Promise.all(pages.map(({ page }) => read(page)))
    console.log(
      `[hang] ${transport}: taken over after ${takenOver.toFixed(0)} ms, two links for ${server.longestOverlap.toFixed(0)} ms`,
    )

    expect(heard.map(({ faults }) => faults)).toEqual(pages.map(() => []))
    expect(server.live).not.toContain(leader.name)
    expect(server.dials).toBe(2)
    // On a quiet machine it is less than `leaderTimeout`.
    expect(takenOver).toBeLessThan(2 * leaderTimeout)
    expect(server.longestOverlap).toBeLessThan(leaderTimeout)
  })
}

/** Keeps the page's main thread busy until another page has dialed, and a little longer, so that both links bring messages. */
function hang(page: Page): Promise<void> {
  return page.evaluate(() => {
    function work(ms: number): void {
      const end = performance.now() + ms
      while (performance.now() < end);
    }
    const dials = new XMLHttpRequest()
    do {
      work(50)
      // Not asynchronously: nothing else may run meanwhile.
      dials.open('GET', '/dials', false)
      dials.send()
    } while (dials.responseText === '1')
    work(500)
  })
}

import { expect, test } from 'vitest'
import { median } from '../../bench/median.ts'
import { seeded } from '../../circumstances.ts'
import { eventually } from '../eventually.ts'
import { goBack } from '../go-back.ts'
import { transports } from './numbered-tab.ts'
import { allOpen, openMany, read, type Tab, type Tabs, useTabs } from './use-tabs.ts'

const openTabs = useTabs()
const leaderTimeout = 5000
const actions = ['close', 'crash', 'freeze', 'cache'] as const
type Action = (typeof actions)[number]
/** How often each of them is taken, in random order. */
const times = Number(process.env.HAND_OVERS ?? 2)

for (const transport of transports) {
  test(`[XT3] [XT4] [XT10] ${transport}: leaders are closed, crash, freeze and are cached while messages flow, and nobody misses or repeats one`, {
    timeout: 60_000 + times * 40_000,
  }, async (context) => {
    const tabs = await openTabs(context, transport, { leaderTimeout })
    const { server } = tabs
    const pages = await openMany(tabs, 8)
    const flow = setInterval(() => server.sendUntil(server.last + 5), 20)
    context.onTestFinished(() => clearInterval(flow))

    /** Milliseconds from the order to leave until the next leader's link is at the server. */
    const takeovers: Record<Action, number[]> = { close: [], crash: [], freeze: [], cache: [] }
    for (const action of shuffled(Array.from({ length: times }, () => actions).flat(), seeded(7))) {
      const leader = pages.find(({ name }) => name === server.live[0])
      if (!leader) throw new Error(`Nobody leads: ${server.live}`)
      // Messages flow over this leader before it goes.
      const { last } = server
      await eventually(async () => (await read(leader.page)).last).toBeGreaterThan(last)

      const begun = performance.now()
      const comeBack = await leave(tabs, pages, leader, action)
      await eventually(() => server.live.filter((name) => name !== leader.name).length).toBe(1)
      takeovers[action].push(server.dialedAt - begun)
      await comeBack()
      await allOpen(pages)
    }

    clearInterval(flow)
    for (const { page } of pages) await eventually(async () => (await read(page)).last).toBe(server.last)
    const heard = await Promise.all(pages.map(({ page }) => read(page)))
    expect(heard.map(({ faults }) => faults)).toEqual(pages.map(() => []))
    expect(server.live).toHaveLength(1)
    expect(server.longestOverlap).toBeLessThan(leaderTimeout)
    for (const action of actions) {
      const sorted = takeovers[action].sort((a, b) => a - b)
      console.log(
        `[hand-over] ${transport}, ${action}: median ${ms(median(sorted))}, worst ${ms(sorted.at(-1))} of ${times}`,
      )
    }
    console.log(`[hand-over] ${transport}: ${server.last} messages, two links for ${ms(server.longestOverlap)} at most`)
  })
}

/** Resolves when the leader has left, with a function that brings its page back, or another one in its place. */
async function leave(tabs: Tabs, pages: Tab[], { page }: Tab, action: Action): Promise<() => Promise<unknown>> {
  const replace = async () => pages.push(await tabs.open())
  const remove = () => {
    pages.splice(
      pages.findIndex((tab) => tab.page === page),
      1,
    )
  }
  if (action === 'close') {
    remove()
    await page.close()
    return replace
  }
  if (action === 'crash') {
    remove()
    // This never settles.
    page.goto('chrome://crash').catch(() => {})
    await new Promise((resolve) => page.once('error', resolve))
    return async () => {
      await page.close()
      await replace()
    }
  }
  // A page that is seen does not freeze: another one has to cover it.
  const cover = pages.find((tab) => tab.page !== page)?.page
  if (action === 'freeze') {
    await cover?.bringToFront()
    await eventually(() => page.evaluate(() => document.visibilityState)).toBe('hidden')
    const cdp = await page.createCDPSession()
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
    return () => cdp.send('Page.setWebLifecycleState', { state: 'active' })
  }
  await page.evaluate(() => {
    location.href = '/away'
  })
  await page.waitForFunction(() => location.pathname === '/away')
  return async () => {
    await goBack(page)
    await page.waitForFunction(() => location.pathname === '/' && 'tab' in window)
  }
}

function ms(milliseconds = Number.NaN): string {
  return `${milliseconds.toFixed(0)} ms`
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((value) => ({ value, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value)
}

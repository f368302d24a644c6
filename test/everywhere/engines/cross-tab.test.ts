import { expect, type TestContext, test } from 'vitest'
import { type NumberedServer, startNumberedServer } from '../../browser/cross-tab/numbered-server.ts'
import { type Heard, readTab, startTab, type TransportName, transports } from '../../browser/cross-tab/numbered-tab.ts'
import { eventually } from '../../browser/eventually.ts'
import { type Browser, eachEngine } from './each-engine.ts'
import type { Tab } from './engine.ts'

const leaderTimeout = 5000

eachEngine(['firefox', 'webkit'], (browser, engine) => {
  for (const transport of transports) {
    test(`[XT1][XT2] ${transport}: two tabs share one link, and each gets 10,000 messages once and in order`, async (context) => {
      const { server, one, other } = await openTwo(context, browser, transport)

      for (let number = 50; number <= 10_000; number += 50) {
        server.sendUntil(number)
        // In the pace of a link and not of a loop.
        await new Promise((resolve) => setImmediate(resolve))
      }

      for (const tab of [one, other]) await untilHeard(tab, 10_000)
      const whole = { first: 1, last: 10_000, faults: [], status: 'open', codes: [] }
      expect([await one.run(readTab), await other.run(readTab)]).toMatchObject([whole, whole])
      expect([server.dials, server.live]).toEqual([1, ['one']])
    })

    for (const [way, leave] of ways) {
      test(`[XT3] ${transport}: the leader's tab is ${way} while messages flow, and the other one goes on without a gap or a repetition`, async (context) => {
        const { server, one, other } = await openTwo(context, browser, transport)
        const flow = setInterval(() => server.sendUntil(server.last + 5), 20)
        context.onTestFinished(() => clearInterval(flow))
        await untilHeard(other, 50)

        const from = performance.now()
        await leave(one, server)
        await eventually(() => server.live).toEqual(['other'])
        const took = Math.round(performance.now() - from)
        await untilHeard(other, server.last + 50)
        clearInterval(flow)
        await untilHeard(other, server.last)

        expect(await other.run(readTab)).toMatchObject({ first: 1, faults: [], status: 'open' })
        expect([server.dials, server.longestOverlap < leaderTimeout]).toEqual([2, true])
        console.log(
          `[XT3] ${engine}, ${transport}, ${way}: ${took} ms, without a link for ${server.gaps.map(Math.round)} ms`,
        )
      })
    }
  }

  test('[XT2] webSocket: what a follower sends arrives over the one link', async (context) => {
    const { server, one, other } = await openTwo(context, browser, 'webSocket')

    await other.run(() => void window.tab.client.send('said', 'from the follower'))
    await eventually(() => server.received).toEqual(['from the follower'])
    await one.run(() => void window.tab.client.send('said', 'from the leader'))

    await eventually(() => server.received).toEqual(['from the follower', 'from the leader'])
    expect([server.dials, server.live]).toEqual([1, ['one']])
  })

  test('[XT3] webSocket: what a follower sends while its leader is closed arrives over its own link', async (context) => {
    const { server, one, other } = await openTwo(context, browser, 'webSocket')

    const closed = one.close()
    await other.run(() => void window.tab.client.send('said', 'meanwhile'))
    await closed

    await eventually(() => server.live).toEqual(['other'])
    await eventually(() => server.received.at(-1)).toBe('meanwhile')
  })

  test('[XT10] eventSource: a leader that comes back to its page follows, and gets what it missed', async (context) => {
    const { server, one, other } = await openTwo(context, browser, 'eventSource')
    const flow = setInterval(() => server.sendUntil(server.last + 5), 20)
    context.onTestFinished(() => clearInterval(flow))
    await untilHeard(one, 50)

    await one.goto(`${server.url}away`)
    await eventually(() => server.live).toEqual(['other'])
    await untilHeard(other, server.last + 50)
    await one.back()
    // Firefox caches no page that has a connection: it loads it anew.
    const isKept = engine === 'webkit'
    expect(await backFrom(one)).toBe(isKept)
    if (!isKept) await one.run(startTab, 'eventSource', 'one', 'numbers', leaderTimeout)
    await untilHeard(one, server.last + 50)
    clearInterval(flow)
    for (const tab of [one, other]) await untilHeard(tab, server.last)

    // A page that is made anew begins with what comes from then on.
    const heard = await one.run(readTab)
    expect({ faults: heard.faults, isWhole: heard.first === 1 }).toEqual({ faults: [], isWhole: isKept })
    expect(await other.run(readTab)).toMatchObject({ first: 1, faults: [], status: 'open' })
    expect(server.live).toEqual(['other'])
  })
})

eachEngine(['firefox that blocks storage'], (browser) => {
  for (const transport of transports)
    test(`[XT6] ${transport}: two tabs have a link each, since a channel is forbidden`, async (context) => {
      const { server, one, other } = await openTwo(context, browser, transport)
      server.sendUntil(100)
      for (const tab of [one, other]) await untilHeard(tab, 100)

      expect([server.dials, [...server.live].sort()]).toEqual([2, ['one', 'other']])
      expect(await other.run(() => typeof navigator.locks)).toBe('object')
      expect((await one.run(readTab)).codes).toEqual([])
    })
})

const ways: readonly (readonly [way: string, leave: (leader: Tab, server: NumberedServer) => Promise<void>])[] = [
  ['closed', (leader) => leader.close()],
  ['navigated away', (leader, server) => leader.goto(`${server.url}away`)],
]

/** The first one leads. */
async function openTwo(context: TestContext, browser: Browser, transport: TransportName) {
  const server = await startNumberedServer()
  context.onTestFinished(() => server.close())
  const open = async (name: string) => {
    const tab = await browser.openTab(context, server.url)
    await tab.run(startTab, transport, name, 'numbers', leaderTimeout)
    await eventually(async () => (await tab.run(readTab)).status).toBe('open')
    return tab
  }
  return { server, one: await open('one'), other: await open('other') }
}

async function untilHeard(tab: Tab, number: number): Promise<void> {
  await eventually(async () => (await tab.run<[], Heard>(readTab)).last >= number).toBe(true)
}

/** Whether the page is the one that was left, with all its variables. */
async function backFrom(tab: Tab): Promise<boolean> {
  await eventually(() => tab.run(() => location.pathname === '/' && 'Holdfast' in window)).toBe(true)
  return tab.run(() => 'tab' in window)
}

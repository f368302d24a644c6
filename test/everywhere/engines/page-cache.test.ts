import { expect, type TestContext, test } from 'vitest'
import { type NumberedServer, startNumberedServer } from '../../browser/cross-tab/numbered-server.ts'
import { readTab, startTab, type TransportName, transports } from '../../browser/cross-tab/numbered-tab.ts'
import { eventually } from '../../browser/eventually.ts'
import { type Browser, eachEngine } from './each-engine.ts'
import type { Tab } from './engine.ts'

eachEngine(['firefox', 'webkit'], (browser, engine) => {
  for (const transport of transports) {
    test(`[LC2] ${transport}: a page that one comes back to has one link again, and hears each message once`, async (context) => {
      const { server, tab } = await openFlow(context, browser, transport)

      await tab.goto(`${server.url}away`)
      await eventually(() => server.live).toEqual([])
      await tab.back()
      await eventually(() => tab.run(() => location.pathname === '/' && 'Holdfast' in window)).toBe(true)
      // Firefox caches no page that has a connection: it loads it anew.
      expect(await tab.run(() => 'tab' in window)).toBe(engine === 'webkit')
      if (engine === 'firefox') await tab.run(startTab, transport, 'one', null, 0)

      await eventually(async () => (await tab.run(readTab)).last).toBeGreaterThan(server.last + 50)
      const heard = await tab.run(readTab)
      // WebKit fails a fetch just before it tells the page that it is left.
      const codes = engine === 'webkit' && transport === 'fetchStream' ? ['lost'] : []
      expect(heard).toMatchObject({ faults: [], status: 'open', codes })
      await eventually(() => server.live).toEqual(['one'])
      expect(server.longestOverlap).toBe(0)
    })
  }
})

eachEngine(['webkit'], (browser) => {
  test('[ES6] a source that WebKit brings back to life is neither heard nor left open', async (context) => {
    const { server, tab } = await openFlow(context, browser, 'eventSource')
    await tab.run(openBareSource)
    await eventually(() => [...server.live].sort()).toEqual(['bare', 'one'])

    await tab.goto(`${server.url}away`)
    await eventually(() => server.live).toEqual([])
    expect(server.dials).toBe(2)
    await tab.back()
    await eventually(() => tab.run(() => 'tab' in window)).toBe(true)

    // The source without holdfast is back and delivers, though it was closed. That of the client would be by now, too.
    await eventually(() => tab.run(() => window.bare.heardAfterClose)).toBeGreaterThan(100)

    expect(await tab.run(readTab)).toMatchObject({ faults: [], status: 'open', codes: [] })
    expect([...server.live].sort()).toEqual(['bare', 'one'])
    expect(server.dials).toBe(4)
  })
})

declare global {
  interface Window {
    bare: { heardAfterClose: number }
  }
}

/** In the page: an EventSource without holdfast, which the page closes when it is left. */
function openBareSource(): void {
  window.bare = { heardAfterClose: 0 }
  let isClosed = false
  const source = new EventSource('/link?page=bare')
  source.addEventListener('n', () => {
    if (isClosed) window.bare.heardAfterClose += 1
  })
  window.addEventListener('pagehide', () => {
    source.close()
    isClosed = true
  })
}

/** A page whose client hears numbers from 1 on, which go on coming. */
async function openFlow(
  context: TestContext,
  browser: Browser,
  transport: TransportName,
): Promise<{ server: NumberedServer; tab: Tab }> {
  const server = await startNumberedServer()
  context.onTestFinished(() => server.close())
  const tab = await browser.openTab(context, server.url)
  await tab.run(startTab, transport, 'one', null, 0)
  await eventually(() => server.live).toEqual(['one'])

  const flow = setInterval(() => server.sendUntil(server.last + 5), 20)
  context.onTestFinished(() => clearInterval(flow))
  await eventually(async () => (await tab.run(readTab)).last).toBeGreaterThan(50)
  return { server, tab }
}

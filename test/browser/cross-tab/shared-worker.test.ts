import type { Page } from 'puppeteer-core'
import { beforeAll, expect, type TestContext, test } from 'vitest'
import { startBlockingProxy } from '../../servers/blocking-proxy.ts'
import { eventually } from '../eventually.ts'
import { goBack } from '../go-back.ts'
import { useLivingChromium } from '../living-chromium.ts'
import { makePageScript, makeWorkerScript } from '../page-script.ts'
import { startNumberedServer } from './numbered-server.ts'
import type * as page from './shared-worker-page.ts'

const browser = useLivingChromium('--disable-features=ProcessPerSiteUpToMainFrameThreshold')

let pageScript = ''
let workerScript = ''
beforeAll(async () => {
  pageScript = await makePageScript('test/browser/cross-tab/shared-worker-page.ts')
  workerScript = await makeWorkerScript('docs/recipes/shared-worker-script.ts')
})

test('three pages over a shared worker have one link, and each gets every message once and in order', async (context) => {
  const { server, pages } = await givenThreePages(context)
  server.sendUntil(1000)

  const numbers = Array.from({ length: 1000 }, (_, index) => index + 1)
  for (const page of pages) await eventually(async () => (await read(page)).numbers).toEqual(numbers)
  expect([server.dials, server.live.length]).toEqual([1, 1])
})

test('a page that comes late to a shared worker gets the state and the newest message at once', async (context) => {
  const { server, pages, open } = await givenThreePages(context)
  server.sendUntil(5)
  for (const page of pages) await eventually(async () => (await read(page)).numbers.at(-1)).toBe(5)
  const late = await open()

  await eventually(async () => (await read(late)).numbers).toEqual([5])
  expect((await read(late)).states).toEqual(['open'])
})

test('what pages send through a shared worker arrives over its link', async (context) => {
  const { server, pages } = await givenThreePages(context)
  for (const page of pages) await page.evaluate(() => window.workerTab.send('said', 'hello'))

  await eventually(() => server.received).toEqual(['hello', 'hello', 'hello'])
  expect(server.dials).toBe(1)
})

test('what cannot be sent is told to the page that has sent it', async (context) => {
  const { pages } = await givenThreePages(context)
  // JSON has no numbers like this one.
  await pages[0]?.evaluate(() => window.workerTab.send('said', 1n as unknown as string))

  await eventually(async () => (await read(pages[0] as Page)).errors).toEqual(['invalid-config'])
  expect((await read(pages[1] as Page)).errors).toEqual([])
})

test('a shared worker outlives the page that has started it', async (context) => {
  const { server, pages } = await givenThreePages(context)
  await pages.shift()?.close()
  server.sendUntil(5)

  for (const page of pages) await eventually(async () => (await read(page)).numbers).toEqual([1, 2, 3, 4, 5])
  expect(server.dials).toBe(1)
})

test('a shared worker ends with its last page', async (context) => {
  const { server, pages } = await givenThreePages(context)
  for (const page of pages) await page.close()

  await eventually(() => server.live).toEqual([])
})

test('when the server restarts, all pages of a shared worker hear so, and miss nothing', async (context) => {
  const { server, proxy, pages } = await givenThreePages(context)
  server.sendUntil(5)
  for (const page of pages) await eventually(async () => (await read(page)).numbers.at(-1)).toBe(5)
  proxy.manner = 'down'
  proxy.breakAll()
  await eventually(() => server.live.length).toBe(0)
  server.sendUntil(10)
  proxy.manner = 'pass'

  for (const page of pages)
    await eventually(async () => (await read(page)).numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  const { states } = await read(pages[2] as Page)
  expect(states.slice(states.indexOf('open'))).toEqual(
    expect.arrayContaining(['open', 'waiting', 'connecting', 'open']),
  )
  expect(new Set(await Promise.all(pages.map(async (page) => (await read(page)).states.at(-1))))).toEqual(
    new Set(['open']),
  )
})

test('a page that was frozen gets the newest message of a shared worker when it wakes, and what comes then', async (context) => {
  const { server, pages } = await givenThreePages(context)
  const [first, second] = pages as [Page, Page]
  server.sendUntil(2)
  await eventually(async () => (await read(first)).numbers).toEqual([1, 2])
  await second.bringToFront()
  await eventually(() => first.evaluate(() => document.visibilityState)).toBe('hidden')
  const cdp = await first.createCDPSession()
  await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
  server.sendUntil(5)
  await eventually(async () => (await read(second)).numbers.at(-1)).toBe(5)
  await cdp.send('Page.setWebLifecycleState', { state: 'active' })
  await eventually(async () => (await read(first)).numbers).toEqual([1, 2, 5])
  server.sendUntil(6)

  await eventually(async () => (await read(first)).numbers).toEqual([1, 2, 5, 6])
  expect(server.dials).toBe(1)
})

test('a page that comes back out of the back/forward cache gets the newest message of a shared worker, and what comes then', async (context) => {
  const { server, pages } = await givenThreePages(context)
  const [first, second] = pages as [Page, Page]
  server.sendUntil(2)
  await eventually(async () => (await read(first)).numbers).toEqual([1, 2])
  await first.evaluate(() => {
    location.href = '/away'
  })
  await first.waitForFunction(() => location.pathname === '/away')
  server.sendUntil(5)
  await eventually(async () => (await read(second)).numbers.at(-1)).toBe(5)
  await goBack(first)
  await first.waitForFunction(() => location.pathname === '/' && 'workerTab' in window)
  await eventually(async () => (await read(first)).numbers).toEqual([1, 2, 5])
  server.sendUntil(6)

  await eventually(async () => (await read(first)).numbers).toEqual([1, 2, 5, 6])
  expect(server.dials).toBe(1)
})

declare global {
  interface Window {
    workerTab: page.WorkerTab
  }
}

/** Pages of one browser context on a server of their own, behind a proxy, all of them open. */
async function givenThreePages(test: TestContext) {
  const server = await startNumberedServer({ '/page.js': pageScript, '/worker.js': workerScript })
  test.onTestFinished(() => server.close())
  const proxy = await startBlockingProxy(server.url, 'pass')
  const context = await browser().createBrowserContext()
  test.onTestFinished(() => context.close())

  async function open(): Promise<Page> {
    const page = await context.newPage()
    await page.goto(proxy.origin)
    await page.addScriptTag({ url: '/page.js' })
    await page.evaluate(() => {
      const { Live } = window as unknown as { Live: typeof import('./shared-worker-page.ts') }
      window.workerTab = Live.openWorkerTab()
    })
    await eventually(async () => (await read(page)).states.at(-1)).toBe('open')
    return page
  }
  const pages = [await open(), await open(), await open()]
  return { server, proxy, pages, open }
}

function read(page: Page): Promise<Pick<page.WorkerTab, 'numbers' | 'states' | 'errors'>> {
  return page.evaluate(() => {
    const { numbers, states, errors } = window.workerTab
    return { numbers, states, errors }
  })
}

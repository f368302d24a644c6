/** Pages of one browser context, each with a client over `crossTab`, on a server of their own. */
import type { Page } from 'puppeteer-core'
import type { TestContext } from 'vitest'
import { eventually } from '../eventually.ts'
import { useLivingChromium } from '../living-chromium.ts'
import { type NumberedServer, startNumberedServer } from './numbered-server.ts'
import { type Heard, readTab, startTab, type TransportName } from './numbered-tab.ts'

export interface TabsOptions {
  /** In milliseconds. @default 5000 */
  readonly leaderTimeout?: number
  /** A server that has been started already, and the URL by which the pages find it. */
  readonly server?: NumberedServer
  readonly origin?: string
}

export interface Tab {
  readonly name: string
  readonly page: Page
}

export interface Tabs {
  readonly server: NumberedServer
  /** Opens another page, whose client connects. Pages with another name for `crossTab` share another link. */
  open(shared?: string): Promise<Tab>
}

export function useTabs(): (test: TestContext, transport: TransportName, options?: TabsOptions) => Promise<Tabs> {
  // A page that crashes must not take another one with it.
  const browser = useLivingChromium('--disable-features=ProcessPerSiteUpToMainFrameThreshold')

  return async (test, transport, { leaderTimeout = 5000, ...options } = {}) => {
    const server = options.server ?? (await startNumberedServer())
    test.onTestFinished(() => server.close())
    const { origin = server.url } = options
    const context = await browser().createBrowserContext()
    test.onTestFinished(() => context.close())
    let pages = 0

    return {
      server,
      async open(shared = 'numbers') {
        pages += 1
        const name = `page ${pages}`
        const page = await context.newPage()
        await page.goto(origin)
        await page.evaluate(startTab, transport, name, shared, leaderTimeout)
        return { name, page }
      },
    }
  }
}

export async function openMany(tabs: Tabs, count: number): Promise<Tab[]> {
  const opened: Tab[] = []
  for (let number = 0; number < count; number += 1) opened.push(await tabs.open())
  await allOpen(opened)
  return opened
}

export async function allOpen(tabs: readonly Tab[]): Promise<void> {
  for (const { page } of tabs) await eventually(async () => (await read(page)).status).toBe('open')
}

export function read(page: Page): Promise<Heard> {
  return page.evaluate(readTab)
}

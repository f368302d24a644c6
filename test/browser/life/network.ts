/** The network of a page, taken away and given back, as its browser tells it. */
import type { Page } from 'puppeteer-core'
import { eventually } from '../eventually.ts'
import { waitForPage } from './page-client.ts'

export interface PageNetwork {
  /** New connections fail, those that are there fall silent, and the page hears `offline`. */
  cut(): Promise<void>
  /** The page hears `online` when the network works again: through `Page.setOfflineMode` it may hear it before. */
  restore(): Promise<void>
}

const free = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 }

export async function pageNetwork(page: Page): Promise<PageNetwork> {
  const cdp = await page.createCDPSession()
  await cdp.send('Network.enable')

  async function set(offline: boolean): Promise<void> {
    const matchedNetworkConditions = offline ? [{ urlPattern: '', ...free }] : []
    await cdp.send('Network.emulateNetworkConditionsByRule', { offline, matchedNetworkConditions })
    const load = () =>
      fetch('/away', { cache: 'no-store' })
        .then(({ ok }) => ok)
        .catch(() => false)
    await eventually(() => page.evaluate(load)).toBe(!offline)
    await cdp.send('Network.overrideNetworkState', { offline, ...free })
    await waitForPage(page, offline ? 'offline' : 'online')
  }

  return { cut: () => set(true), restore: () => set(false) }
}

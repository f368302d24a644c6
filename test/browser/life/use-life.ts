/** A page on a server of its own. */
import type { BrowserContext, Page } from 'puppeteer-core'
import type { TestContext } from 'vitest'
import { useLivingChromium } from '../living-chromium.ts'
import { type LiveServer, type LiveServerOptions, startLiveServer } from './live-server.ts'

/** A name that leads to this machine without telling so: what is known to be local has no need of a network. */
export const remoteHost = 'feed.test'

export interface Life {
  readonly page: Page
  /** A window of its own, whose other pages can cover this one. */
  readonly window: BrowserContext
  readonly server: LiveServer
}

export interface LifeOptions extends LiveServerOptions {
  /** Where the page believes its server to be. @default 127.0.0.1 */
  readonly host?: string
}

/** Returns what opens a page, with the library in it, on a server of its own. */
export function useLife(): (test: TestContext, options?: LifeOptions) => Promise<Life> {
  const browser = useLivingChromium(`--host-resolver-rules=MAP ${remoteHost} 127.0.0.1`)

  return async (test, { host = '127.0.0.1', ...options } = {}) => {
    const server = await startLiveServer(options)
    test.onTestFinished(() => server.close())
    const window = await browser().createBrowserContext()
    test.onTestFinished(() => window.close())
    const page = await window.newPage()
    await page.goto(server.url.replace('127.0.0.1', host))
    return { page, window, server }
  }
}

/**
 * One Chromium for a test file, driven by puppeteer: under Playwright every page counts as seen, and one that is seen
 * neither hides nor freezes.
 */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, launch, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, type TestContext } from 'vitest'
import { distFolder } from '../../../docs/demo/web-app.ts'
import { chromiumArguments, findChromium } from '../chromium.ts'
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
  let browser: Browser | undefined

  beforeAll(async () => {
    const executablePath = findChromium()
    browser = await launch({
      ...(executablePath && { executablePath }),
      args: [...chromiumArguments, `--host-resolver-rules=MAP ${remoteHost} 127.0.0.1`],
      ignoreDefaultArgs: [
        '--disable-back-forward-cache',
        '--disable-backgrounding-occluded-windows',
        '--disable-renderer-backgrounding',
        '--disable-background-timer-throttling',
      ],
    })
  })
  afterAll(() => browser?.close())

  return async (test, { host = '127.0.0.1', ...options } = {}) => {
    if (!browser) throw new Error('There is a browser only while tests run.')
    if (!existsSync(`${distFolder}holdfast.global.js`))
      throw new Error('The pages use the built library: run `npx tsup` first.')

    const server = await startLiveServer(options)
    test.onTestFinished(() => server.close())
    const window = await browser.createBrowserContext()
    test.onTestFinished(() => window.close())
    const page = await window.newPage()
    await page.goto(server.url.replace('127.0.0.1', host))
    return { page, window, server }
  }
}

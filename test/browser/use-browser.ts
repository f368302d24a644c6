/** One Chromium for a test file: it starts before the file's tests and closes after them, and each page ends with its test. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, type TestContext } from 'vitest'
import { chromiumArguments, findChromium } from './chromium.ts'

/** Returns what opens an empty page with storage and cookies of its own. */
export function useBrowser(): (test: TestContext, options?: BrowserContextOptions) => Promise<Page> {
  let browser: Browser | undefined

  beforeAll(async () => {
    const executablePath = findChromium()
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: chromiumArguments })
  })
  afterAll(() => browser?.close())

  return async (test, options) => {
    if (!browser) throw new Error('There is a browser only while tests run.')

    const context = await browser.newContext(options)
    test.onTestFinished(() => context.close())
    context.setDefaultTimeout(45_000)
    return context.newPage()
  }
}

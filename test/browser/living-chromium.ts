/**
 * One Chromium for a test file, driven by puppeteer: under Playwright every page counts as seen, and one that is seen neither
 * hides nor freezes. Its pages freeze, are cached and held back as they are for users.
 */
import { existsSync } from 'node:fs'
import { type Browser, launch } from 'puppeteer-core'
import { afterAll, beforeAll } from 'vitest'
import { distFolder } from '../../docs/demo/web-app.ts'
import { chromiumArguments, findChromium } from './chromium.ts'

/** Returns a function that gives the browser of the tests in this file. The pages use the library as it was built into `dist`. */
export function useLivingChromium(...args: readonly string[]): () => Browser {
  let browser: Browser | undefined

  beforeAll(async () => {
    const executablePath = findChromium()
    browser = await launch({
      ...(executablePath && { executablePath }),
      args: [...chromiumArguments, ...args],
      ignoreDefaultArgs: [
        '--disable-back-forward-cache',
        '--disable-backgrounding-occluded-windows',
        '--disable-renderer-backgrounding',
        '--disable-background-timer-throttling',
      ],
    })
  })
  afterAll(() => browser?.close())

  return () => {
    if (!browser) throw new Error('There is a browser only while tests run.')
    if (!existsSync(`${distFolder}holdfast.global.js`))
      throw new Error('The pages use the built library: run `npx tsup` first.')
    return browser
  }
}

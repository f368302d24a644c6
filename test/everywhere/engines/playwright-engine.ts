/** Chromium and Firefox, driven by Playwright: Firefox as its maker built it, over WebDriver BiDi. */

import { type Browser, type BrowserContext, chromium, firefox, type LaunchOptions, type Page } from 'playwright-core'
import { chromiumArguments } from '../../browser/chromium.ts'
import { goBack } from '../../browser/go-back.ts'
import { callOf, type Engine, type Profile, type Tab } from './engine.ts'

export async function startChromium(executablePath: string): Promise<Engine> {
  const ignoreDefaultArgs = ['--disable-back-forward-cache']
  return engineOf(await chromium.launch({ executablePath, args: chromiumArguments, ignoreDefaultArgs }))
}

export async function startFirefox(
  executablePath: string,
  firefoxUserPrefs: NonNullable<LaunchOptions['firefoxUserPrefs']> = {},
): Promise<Engine> {
  return engineOf(await firefox.launch({ executablePath, firefoxUserPrefs, channel: 'moz-firefox', timeout: 60_000 }))
}

function engineOf(browser: Browser): Engine {
  return {
    openProfile: async () => profileOf(await browser.newContext()),
    close: () => browser.close(),
  }
}

function profileOf(context: BrowserContext): Profile {
  context.setDefaultTimeout(30_000)
  return {
    open: async () => tabOf(await context.newPage()),
    close: () => context.close(),
  }
}

function tabOf(page: Page): Tab {
  let complain = (_words: string) => {}
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complain(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complain(`thrown: ${error.message}`))
  // What failed as its page was left is told late, when the next page may be observed.
  let observed = ''
  page.on('requestfailed', (request) => {
    if (new URL(request.url()).origin === observed)
      complain(`failed: ${request.url()}: ${request.failure()?.errorText}`)
  })

  return {
    async goto(url) {
      await page.goto(url)
    },
    async gotoObserved(url) {
      const complaints: string[] = []
      complain = (words) => complaints.push(words)
      observed = new URL(url).origin
      await page.goto(url)
      return async () => complaints
    },
    run: (inPage, ...args) => page.evaluate(callOf(inPage, args)),
    back: () => goBack(page),
    close: () => page.close(),
  }
}

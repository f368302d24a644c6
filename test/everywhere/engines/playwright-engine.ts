/** Chromium and Firefox, driven by Playwright: Firefox as its maker built it, over WebDriver BiDi. */
import { type Browser, type BrowserContext, chromium, firefox, type Page } from 'playwright-core'
import { chromiumArguments } from '../../browser/chromium.ts'
import { callOf, type Engine, type ObservedTab, type Profile, type Tab } from './engine.ts'

export async function startChromium(executablePath: string): Promise<Engine> {
  const ignoreDefaultArgs = ['--disable-back-forward-cache']
  return engineOf(await chromium.launch({ executablePath, args: chromiumArguments, ignoreDefaultArgs }))
}

export async function startFirefox(executablePath: string): Promise<Engine> {
  return engineOf(await firefox.launch({ executablePath, channel: 'moz-firefox', timeout: 60_000 }))
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
    async open(url) {
      const tab = tabOf(await context.newPage())
      await tab.goto(url)
      return tab
    },
    async openObserved(url) {
      const tab = observe(await context.newPage())
      await tab.goto(url)
      return tab
    },
    close: () => context.close(),
  }
}

function tabOf(page: Page): Tab {
  return {
    async goto(url) {
      await page.goto(url)
    },
    run: (inPage, ...args) => page.evaluate(callOf(inPage, args)),
    // Playwright's own way back waits for a load that never comes.
    back: () => page.evaluate(() => void setTimeout(() => history.back())),
    close: () => page.close(),
  }
}

function observe(page: Page): ObservedTab {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`))
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`))
  return { ...tabOf(page), complaints: async () => complaints }
}

/** Where the clients of a column live: in this process, or in a page of a browser profile of its own. */
import { type Browser, chromium } from 'playwright-core'
import { chromiumArguments } from '../browser/chromium.ts'
import type { Column } from './case.ts'
import { type Holdfast, type Observation, observe, type Plan } from './observe.ts'

export interface Host {
  readonly column: Column
  readonly transport: Plan['transport']
  /** How the platform calls itself. */
  readonly platform: string
  observe(plan: Plan): Promise<Observation>
}

export async function openNode(): Promise<Host> {
  // The built package, as the pages have it: what users get.
  const holdfast: Holdfast = await import(new URL('../../dist/index.js', import.meta.url).href)
  return {
    column: 'node',
    transport: 'fetchStream',
    platform: `Node ${process.versions.node.split('.')[0]}`,
    observe: (plan) => observe(holdfast, plan),
  }
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: chromiumArguments })
}

/** A page with connections of its own: a browser has six of them for an origin. */
export async function openPage(browser: Browser, column: 'page' | 'native', url: string): Promise<Host> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(url)
  await page.evaluate("document.cookie = 'known=yes'")
  return {
    column,
    transport: column === 'page' ? 'fetchStream' : 'eventSource',
    platform: `Chromium ${browser.version().split('.')[0]}`,
    observe: (plan) => page.evaluate(`(${observe})(Holdfast, ${JSON.stringify(plan)})`),
  }
}

/** What a visitor sees in the connection bar of a demo page, and does with it. A page with several connections has a name for each. */
import type { Locator, Page } from 'playwright-core'
import type { ConnectionState } from '../../../src/index.ts'

export type Button = 'reconnect' | 'toggle' | 'stop' | 'start' | 'freeze' | 'unfreeze' | 'restart'
export type Fact = 'transport' | 'attempt' | 'round-trip'

/** Resolves as soon as the page shows this status. */
export function waitForStatus(page: Page, status: ConnectionState['status'], name?: string): Promise<void> {
  return findLine(page, name).locator(`.status[data-status="${status}"]`).waitFor()
}

/** Resolves as soon as the page is open no more, whatever it does next. To notice that a server is silent takes seconds. */
export function waitForLoss(page: Page, name?: string): Promise<void> {
  return findLine(page, name).locator('.status:not([data-status="open"])').waitFor({ timeout: 30_000 })
}

/** Presses it without the pointer, which would take the focus from a field that is being filled. */
export function press(page: Page, button: Button, name?: string): Promise<void> {
  return findButton(page, button, name).evaluate((element: HTMLButtonElement) => element.click())
}

export function findButton(page: Page, button: Button, name?: string): Locator {
  const isOfLine = button === 'reconnect' || button === 'toggle'
  return (isOfLine ? findLine(page, name) : page.locator('.server')).locator(`[data-press="${button}"]`)
}

/** The words, and the countdown where there is one. */
export async function readBar(page: Page, name?: string): Promise<string> {
  const text = await findLine(page, name).locator('.status').innerText()
  return text.replace(/\s+/g, ' ').trim()
}

export function readFact(page: Page, fact: Fact, name?: string): Promise<string> {
  return findLine(page, name).locator(`[data-fact="${fact}"]`).innerText()
}

/** What the bar says of the server. */
export function readServer(page: Page): Promise<string> {
  return page.locator('.connection-bar [data-server]').innerText()
}

function findLine(page: Page, name?: string): Locator {
  const lines = page.locator('.connection-bar .line')
  return name === undefined ? lines : lines.filter({ has: page.locator('h2', { hasText: name }) })
}

/** What a visitor sees in the connection bar of a demo page, and does with it. */
import type { Page } from 'playwright-core'
import type { ConnectionState } from '../../src/index.ts'

export type Button = 'reconnect' | 'toggle' | 'stop' | 'start' | 'restart'

/** Resolves as soon as the page shows this status. */
export function waitForStatus(page: Page, status: ConnectionState['status']): Promise<void> {
  return page.locator(`.status[data-status="${status}"]`).waitFor()
}

/** Without the pointer, which would take the focus from a field that is being filled. */
export function press(page: Page, button: Button): Promise<void> {
  return page.locator(`#${button}`).evaluate((element: HTMLButtonElement) => element.click())
}

/** The words, and the countdown where there is one. */
export async function readBar(page: Page): Promise<string> {
  const text = await page.locator('.status').innerText()
  return text.replace(/\s+/g, ' ').trim()
}

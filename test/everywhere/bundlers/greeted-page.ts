/** Opens a page that shows what it receives, one list item for each transport, and hears all that went wrong in it. */
import type { Page } from 'playwright-core'
import { expect, type TestContext } from 'vitest'
import { eventually } from '../../browser/eventually.ts'
import type { LiveServer } from '../../servers/live-server.ts'

export interface GreetedPage {
  readonly page: Page
  /** Waits until it shows exactly these, in any order, and asserts that nothing went wrong. */
  shows(lines: readonly string[]): Promise<void>
}

/** `address` is that of the page, which is told in its query where the server is that greets. */
export async function openGreeted(
  context: TestContext,
  newPage: (context: TestContext) => Promise<Page>,
  address: string,
  server: LiveServer,
): Promise<GreetedPage> {
  const page = await newPage(context)
  const wrong: string[] = []
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && wrong.push(message.text()))
  page.on('pageerror', (error) => wrong.push(error.message))
  await page.goto(`${address}?server=${server.origin}`)

  return {
    page,
    async shows(lines) {
      await eventually(async () => (await page.locator('li').allTextContents()).sort()).toEqual([...lines].sort())
      expect(wrong).toEqual([])
    },
  }
}

/** Opens pages of the gallery in one way for all tests: what a page throws fails the test. */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect, type TestContext } from 'vitest'
import type { Demo, DemoOptions } from '../../docs/demo/server.ts'
import type { useBrowser } from './use-browser.ts'
import { useDemo } from './use-demo.ts'

/** A page with storage of its own on this demo. */
export async function openPage(
  newPage: ReturnType<typeof useBrowser>,
  context: TestContext,
  url: string,
  options?: BrowserContextOptions,
): Promise<Page> {
  const page = await newPage(context, options)
  failOnThrown(page, context)
  await page.goto(url)
  return page
}

export function failOnThrown(page: Page, context: TestContext): void {
  const thrown: string[] = []
  page.on('pageerror', (error) => thrown.push(error.message))
  context.onTestFinished(() => expect(thrown).toEqual([]))
}

/** Another process, as far as a page can tell: nothing of the old one is left, but its address. */
export async function replaceDemo(context: TestContext, demo: Demo, options: DemoOptions): Promise<Demo> {
  await demo.close()
  return useDemo(context, { port: Number(new URL(demo.url).port), ...options })
}

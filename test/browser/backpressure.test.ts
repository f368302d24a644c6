import { beforeAll, expect, test } from 'vitest'
import type * as Sse from '../../src/sse/index.ts'
import { eventBytes, startPouringServer } from '../servers/pouring-server.ts'
import { makePageScript } from './page-script.ts'
import { useBrowser } from './use-browser.ts'

const newPage = useBrowser()

let script = ''
beforeAll(async () => {
  script = await makePageScript('src/sse/index.ts')
})

interface Page {
  readonly Live: typeof Sse
  /** Takes so many events, and no more. */
  take(count: number): Promise<void>
  leave(): Promise<unknown>
}

const megabyte = 2 ** 20
/** What the browser and the sockets hold: Chromium, driven from outside, takes some 65 MB of a body that nobody reads. */
const buffers = 112 * megabyte

test('[FS10] in a page, a slow reader holds the server back', async (context) => {
  const server = await startPouringServer('<title>Slow</title>')
  const page = await newPage(context)
  page.setDefaultTimeout(60_000)
  await page.goto(new URL('/', server.url).href)
  await page.addScriptTag({ content: script })
  await page.evaluate(async (url) => {
    const shown = globalThis as unknown as Page
    const events = shown.Live.readEvents(await fetch(url))
    shown.take = async (count) => {
      for (let taken = 0; taken < count; taken += 1) await events.next()
    }
    shown.leave = async () => events.return?.()
  }, server.url)
  const take = (count: number) => page.evaluate((portion) => (globalThis as unknown as Page).take(portion), count)

  await take(1)
  const first = await server.standsStill()
  expect(first).toBeLessThan(buffers)
  expect(server.isHeldBack()).toBe(true)

  const portion = 32 * megabyte
  await take(portion / eventBytes)
  const second = await server.standsStill()
  console.log(
    `[sse] in Chromium held back at ${mb(first)} MB, and at ${mb(second)} MB when ${mb(portion)} MB were read`,
  )
  // It went on by what was read: that it stood still was the reader's doing.
  expect(second - first).toBeGreaterThan(portion / 2)
  expect(second).toBeLessThan(portion + buffers)
  expect(server.isHeldBack()).toBe(true)

  await page.evaluate(() => (globalThis as unknown as Page).leave())
  await server.gone()
})

function mb(bytes: number): string {
  return (bytes / megabyte).toFixed(1)
}

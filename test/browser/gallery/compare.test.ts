import type { Page } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { press } from './connection-bar.ts'

/** Some 45 runs, the longest with 10,000 messages, beside whatever else the machine does. */
const deadline = 100_000

const newPage = useBrowser()

test('the comparison ends with three rows for each transport, and draws them', {
  timeout: deadline,
}, async (context) => {
  const { demo, page } = await open(context)
  await page.locator('#run').click()
  await page.locator('#progress', { hasText: 'Measured.' }).waitFor({ timeout: deadline })

  const rows = await readRows(page)
  expect(rows.map(([transport, count]) => `${transport} ${count}`)).toEqual(
    ['WebSocket', 'EventSource', 'fetch'].flatMap((name) =>
      ['100', '1,000', '10,000'].map((count) => `${name} ${count}`),
    ),
  )
  for (const [, , opened, all, spread = '', rate = ''] of rows) {
    const [fastest = Number.NaN, slowest = Number.NaN] = spread.split(' to ').map(Number)
    expect(Number(opened)).toBeLessThan(Number(all))
    expect(fastest).toBeLessThanOrEqual(Number(all))
    expect(slowest).toBeGreaterThanOrEqual(Number(all))
    expect(Number(rate.replace(/,/g, ''))).toBeGreaterThan(0)
  }
  expect(await countColours(page)).toBeGreaterThan(20)
  await page.setViewportSize({ width: 360, height: 800 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  // Every run has hung up.
  await eventually(() => demo.sockets.status).toEqual({ state: 'running', webSockets: 0, eventStreams: 0 })
})

test('a comparison that the server breaks off says so, and can be begun again', async (context) => {
  const { page } = await open(context)
  await press(page, 'stop')
  await eventually(() => page.locator('.server [data-server]').innerText()).toMatch(/takes no connections/)

  await page.locator('#run').click()
  await eventually(() => page.locator('#progress').innerText()).toMatch(/^Broken off: /)
  await press(page, 'start')
  await eventually(() => page.locator('.server [data-server]').innerText()).toMatch(/takes connections/)
  await page.locator('#run').click()
  await eventually(() => page.locator('#progress').innerText()).toMatch(/^Round 1 of 5/)
})

async function open(context: TestContext) {
  const demo = await useDemo(context)
  const page = await newPage(context)
  await page.goto(`${demo.url}compare.html`)
  return { demo, page }
}

function readRows(page: Page): Promise<string[][]> {
  return page
    .locator('#results tbody tr')
    .evaluateAll((rows: HTMLTableRowElement[]) => rows.map((row) => [...row.cells].map(({ innerText }) => innerText)))
}

/** How many different colours are on the chart: an empty one has few. */
function countColours(page: Page): Promise<number> {
  return page.locator('#chart canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
    return new Set(new Uint32Array((data as Uint8ClampedArray).buffer)).size
  })
}

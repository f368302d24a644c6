import type { Page, WebSocket } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { waitForStatus } from './connection-bar.ts'

const newPage = useBrowser()

test('thousands of points are drawn at most once per frame', async (context) => {
  const { page } = await follow(context)
  await eventually(() => readNumber(page, 'points')).toBeGreaterThan(3000)
  const { points, draws, frames } = await page.evaluate(() => ({
    points: Number(document.querySelector('#points')?.textContent?.replace(',', '')),
    draws: Number(document.querySelector('#draws')?.textContent?.replace(',', '')),
    frames: (window as FrameCount).countedFrames ?? 0,
  }))

  expect(draws).toBeGreaterThan(5)
  expect(draws).toBeLessThanOrEqual(frames)
  expect(points).toBeGreaterThan(draws * 5)
  expect(await readNumber(page, 'missed')).toBe(0)
})

test('both charts are drawn, and the table says the same in numbers', async (context) => {
  const { page } = await follow(context)
  await eventually(() => readNumber(page, 'points')).toBeGreaterThan(1000)

  await eventually(() => countColours(page, '#readings canvas')).toBeGreaterThan(20)
  await eventually(() => countColours(page, '#pace canvas')).toBeGreaterThan(2)
  const rows = await page.locator('#readings-table tbody tr').allInnerTexts()
  expect(rows.map((row) => row.split(/\s+/)[0])).toEqual(['Tide', 'Wind', 'Swell'])
  for (const row of rows) {
    const [least = Number.NaN, mean = Number.NaN, most = Number.NaN] = row.split(/\s+/).slice(2).map(Number)
    expect([least, mean, most]).toEqual([least, mean, most].sort((a, b) => a - b))
  }
})

test('the page answers while a thousand points a second come in: paused, nothing more comes, and resumed, nothing is missing', async (context) => {
  const { page, sockets } = await follow(context)
  // More of them, and what drives the page, which hears of each, would be what is too slow.
  await page.locator('#rate').selectOption('1000')
  await eventually(() => readNumber(page, 'points')).toBeGreaterThan(3000)

  const heard = countReceived(sockets)
  await page.locator('#pause').click()
  await eventually(() => readNumber(page, 'points-rate')).toBe(0)
  const [points, received] = [await readNumber(page, 'points'), heard.points]
  // The bar's round trip comes every two seconds: by then a point would have come.
  const { others } = heard
  await eventually(() => heard.others).toBeGreaterThan(others)
  expect([await readNumber(page, 'points'), heard.points]).toEqual([points, received])

  await page.locator('#pause').click()
  await eventually(() => readNumber(page, 'points')).toBeGreaterThan(points)
  expect(await readNumber(page, 'missed')).toBe(0)
})

test('[HS3] a new connection is told what the page had asked for', async (context) => {
  const { demo, page } = await follow(context)
  await page.locator('#rate').selectOption('500')
  await page.locator('#pause').click()
  const sent: unknown[] = []
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(JSON.parse(`${payload}`))))
  demo.sockets.stop()
  await waitForStatus(page, 'waiting')
  demo.sockets.start()
  await waitForStatus(page, 'open')

  expect(sent.slice(0, 2)).toEqual([{ type: 'rate', data: { perSecond: 500 } }, { type: 'pause' }])
})

interface FrameCount {
  countedFrames?: number
}

async function follow(context: TestContext) {
  const demo = await useDemo(context)
  const page = await newPage(context)
  const sockets: WebSocket[] = []
  page.on('websocket', (socket) => sockets.push(socket))
  await page.addInitScript(countFrames)
  await page.goto(`${demo.url}dashboard.html?rate=1000`)
  await waitForStatus(page, 'open')
  return { demo, page, sockets }
}

/** In the page: every frame of the screen, whoever asked for it. */
function countFrames(): void {
  const counted = window as FrameCount
  const next = () => {
    counted.countedFrames = (counted.countedFrames ?? 0) + 1
    requestAnimationFrame(next)
  }
  requestAnimationFrame(next)
}

function countReceived(sockets: readonly WebSocket[]): { points: number; others: number } {
  const counts = { points: 0, others: 0 }
  for (const socket of sockets) {
    socket.on('framereceived', ({ payload }) => {
      counts[`${payload}`.startsWith('{"type":"point"') ? 'points' : 'others'] += 1
    })
  }
  return counts
}

async function readNumber(page: Page, id: string): Promise<number> {
  return Number((await page.locator(`#${id}`).innerText()).replace(/,/g, ''))
}

/** How many different colours are on a canvas: an empty one has one. */
function countColours(page: Page, canvas: string): Promise<number> {
  return page.locator(canvas).evaluate((element: HTMLCanvasElement) => {
    const { data } = element.getContext('2d')?.getImageData(0, 0, element.width, element.height) ?? { data: [] }
    return new Set(new Uint32Array((data as Uint8ClampedArray).buffer)).size
  })
}

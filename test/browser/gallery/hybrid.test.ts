import type { Page } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import type { Demo, DemoOptions } from '../../../docs/demo/server.ts'
import { eventually } from '../eventually.ts'
import { openPage } from '../open-page.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { press, readBar, readFact, waitForLoss, waitForStatus } from './connection-bar.ts'

const newPage = useBrowser()
const connections = ['Board', 'Notifications'] as const

test('two connections carry the page, and each has its line in the bar', async (context) => {
  const { demo, ana } = await open(context)

  expect(demo.sockets.status).toMatchObject({ webSockets: 1, eventStreams: 1 })
  expect(await Promise.all(connections.map((name) => readFact(ana, 'transport', name)))).toEqual([
    'websocket',
    'fetch-stream',
  ])
  for (const name of connections) await eventually(() => readFact(ana, 'round-trip', name)).toMatch(/^\d+ ms$/)
})

test('a boat that one moves with the keys moves for the other', async (context) => {
  const { ana, bo } = await meet(context)
  const from = await readPlace(bo, 'Halcyon')
  await boat(ana, 'Halcyon').press('ArrowRight')
  await boat(ana, 'Halcyon').press('Shift+ArrowDown')

  await eventually(() => readPlace(bo, 'Halcyon')).toEqual({ x: from.x + 2, y: from.y + 10 })
  expect(await readPlace(ana, 'Halcyon')).toEqual({ x: from.x + 2, y: from.y + 10 })
  expect(await boat(ana, 'Halcyon').getAttribute('aria-label')).toBe('Halcyon, 47 % from the left, 30 % from the top')
  expect(await bo.locator('#last-move').innerText()).toMatch(/^Skipper \d+ moves Halcyon\.$/)
})

test('a boat that one drags goes where it is dropped, for both', async (context) => {
  const { ana, bo } = await meet(context)
  await boat(ana, 'Old Tom').dragTo(ana.locator('#board'), { targetPosition: { x: 300, y: 200 } })
  const dropped = await readPlace(ana, 'Old Tom')

  expect(dropped.x).toBeGreaterThan(30)
  await eventually(() => readPlace(bo, 'Old Tom')).toEqual(dropped)
})

test('the pointer of one is shown to the other, until the page is gone', async (context) => {
  const { ana, bo } = await meet(context)
  await ana.locator('#board').hover({ position: { x: 10, y: 10 } })
  await bo.locator('.pointer').waitFor()
  await ana.close()

  await bo.locator('.pointer').waitFor({ state: 'detached' })
})

test('what is moved while the server is stopped moves for the other when it is back', async (context) => {
  const { demo, ana, bo } = await meet(context)
  const from = await readPlace(bo, 'Marianne')
  demo.sockets.stop()
  await Promise.all([ana, bo].map((page) => waitForStatus(page, 'waiting', 'Board')))
  for (let step = 0; step < 3; step += 1) await boat(ana, 'Marianne').press('ArrowDown')
  demo.sockets.start()

  await eventually(() => readPlace(bo, 'Marianne')).toEqual({ x: from.x, y: from.y + 6 })
  expect(await readPlace(ana, 'Marianne')).toEqual({ x: from.x, y: from.y + 6 })
})

test('the end of one connection is not the other’s business', async (context) => {
  const { demo, ana } = await open(context)
  await press(ana, 'toggle', 'Board')
  await eventually(() => demo.sockets.status.webSockets).toBe(0)

  expect(await Promise.all(connections.map((name) => readBar(ana, name)))).toEqual(['Disconnected', 'Connected'])
  expect(demo.sockets.status.eventStreams).toBe(1)
})

test('[HB1] [HB3] both notice a server that freezes, come back, and no notification is missing', async (context) => {
  const { demo, ana } = await open(context, { noticeInterval: 500 })
  await press(ana, 'freeze')
  await eventually(() => demo.sockets.status.state).toBe('frozen')
  await Promise.all(connections.map((name) => waitForLoss(ana, name)))
  const last = await readLast(ana)
  await press(ana, 'unfreeze')
  await Promise.all(connections.map((name) => waitForStatus(ana, 'open', name)))

  await eventually(() => readLast(ana)).toBeGreaterThan(last)
  expect(await ana.locator('#continuity').innerText()).toBe('missing 0, repeated 0')
})

test('[RS2] a restart leaves no notification out and brings none twice', async (context) => {
  const { ana } = await open(context, { noticeInterval: 200 })
  await press(ana, 'restart')
  await Promise.all(connections.map((name) => waitForStatus(ana, 'waiting', name)))
  const last = await readLast(ana)
  await Promise.all(connections.map((name) => waitForStatus(ana, 'open', name)))

  await eventually(() => readLast(ana)).toBeGreaterThan(last + 10)
  expect(await ana.locator('#continuity').innerText()).toBe('missing 0, repeated 0')
})

async function open(context: TestContext, options: DemoOptions = {}): Promise<{ demo: Demo; ana: Page }> {
  const demo = await useDemo(context, options)
  return { demo, ana: await visit(context, demo) }
}

/** Two visitors of one harbour. */
async function meet(context: TestContext): Promise<{ demo: Demo; ana: Page; bo: Page }> {
  const { demo, ana } = await open(context)
  return { demo, ana, bo: await visit(context, demo) }
}

async function visit(context: TestContext, { url }: Demo): Promise<Page> {
  const page = await openPage(newPage, context, `${url}hybrid.html`)
  for (const name of connections) await waitForStatus(page, 'open', name)
  await page.locator('#inbox li').first().waitFor()
  return page
}

function boat(page: Page, name: string) {
  return page.locator('.boat', { hasText: name })
}

function readPlace(page: Page, name: string): Promise<{ x: number; y: number }> {
  return boat(page, name).evaluate(({ style }) => ({
    x: Number.parseFloat(style.insetInlineStart),
    y: Number.parseFloat(style.insetBlockStart),
  }))
}

async function readLast(page: Page): Promise<number> {
  return Number(await page.locator('#inbox li').first().getAttribute('data-id'))
}

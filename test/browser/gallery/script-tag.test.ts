import type { Page } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'

const newPage = useBrowser()

test('a page with one script tag connects, sends and receives', async (context) => {
  const { page } = await openPage(context)

  await send(page, 'Hello')
  await eventually(() => readLog(page)).toEqual(['Guest: Hello'])
})

test('two such pages hear each other', async (context) => {
  const { page, demo } = await openPage(context)
  const other = await newPage(context)
  await other.goto(`${demo.url}script-tag.html`)
  await waitUntilOpen(other)

  await send(other, 'Anybody there?')

  await eventually(() => readLog(page)).toEqual(['Guest: Anybody there?'])
})

test('it loads one script, and that is the one for script tags', async (context) => {
  const demo = await useDemo(context)
  const page = await newPage(context)
  const scripts: string[] = []
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname)
  })

  await page.goto(`${demo.url}script-tag.html`)
  await waitUntilOpen(page)

  expect(scripts).toEqual(['/dist/holdfast.global.js'])
})

test('`Holdfast` is the only global that the script adds', async (context) => {
  const { page, demo } = await openPage(context)
  const plain = await newPage(context)
  await plain.goto(demo.url)
  const usual = new Set(await readGlobals(plain))

  expect(usual.size).toBeGreaterThan(500)
  expect((await readGlobals(page)).filter((name) => !usual.has(name))).toEqual(['Holdfast'])
})

test('the library writes nothing to the console', async (context) => {
  const demo = await useDemo(context)
  const page = await newPage(context)
  const written: string[] = []
  page.on('console', (message) => written.push(message.text()))
  page.on('pageerror', (error) => written.push(error.message))

  await page.goto(`${demo.url}script-tag.html`)
  await waitUntilOpen(page)
  await send(page, 'Hello')
  await eventually(() => readLog(page)).toEqual(['Guest: Hello'])
  // That the server ends a connection in good order is no failure either, and the next one is taken.
  const next = page.waitForEvent('websocket')
  demo.sockets.stop()
  demo.sockets.start()
  await next
  await waitUntilOpen(page)

  expect(written).toEqual([])
})

test('[SQ2] what is sent while the sockets are stopped goes out once, in order, before what is sent later', async (context) => {
  const { page, demo } = await openPage(context)
  const sent: string[] = []
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(summary(payload))))

  demo.sockets.stop()
  await waitFor(page, 'waiting')
  for (const text of ['one', 'two', 'three']) await send(page, text)
  expect(await readLog(page)).toEqual([])
  demo.sockets.start()
  await waitUntilOpen(page)
  await send(page, 'four')

  await eventually(() => readLog(page)).toEqual(['Guest: one', 'Guest: two', 'Guest: three', 'Guest: four'])
  expect(sent).toEqual(['message one', 'message two', 'message three', 'message four'])
})

async function openPage(context: TestContext) {
  const demo = await useDemo(context)
  const page = await newPage(context)
  await page.goto(`${demo.url}script-tag.html`)
  await waitUntilOpen(page)
  return { page, demo }
}

function waitUntilOpen(page: Page): Promise<void> {
  return waitFor(page, 'open')
}

function waitFor(page: Page, status: string): Promise<void> {
  return page.locator(`#state[data-status="${status}"]`).waitFor()
}

async function send(page: Page, text: string): Promise<void> {
  await page.locator('#text').fill(text)
  await page.locator('#text').press('Enter')
}

function readLog(page: Page): Promise<string[]> {
  return page.locator('#log li[data-id]').allTextContents()
}

function readGlobals(page: Page): Promise<string[]> {
  return page.evaluate(() => Object.getOwnPropertyNames(window))
}

function summary(payload: string | Buffer): string {
  const { type, data } = JSON.parse(payload.toString())
  return `${type} ${data.text ?? data.name}`
}

import type { Page } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import type { Demo, DemoOptions } from '../../../docs/demo/server.ts'
import { eventually } from '../eventually.ts'
import { openPage, replaceDemo } from '../open-page.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { press, readBar, waitForLoss, waitForStatus } from './connection-bar.ts'

const newPage = useBrowser()

/** A job of 60 crates takes nine seconds: time enough to break it in the middle, on a busy machine too. */
const slow = { jobInterval: 150 }
const fast = { jobInterval: 5 }

test('a job is followed to its end, and then nothing is left of the connection', async (context) => {
  const { demo, page, requests } = await start(context, fast)
  await waitForEnd(page)

  expect(await page.locator('#progress').getAttribute('value')).toBe('100')
  expect(await page.locator('#step').innerText()).toBe('60 of 60')
  await eventually(() => demo.sockets.status.eventStreams).toBe(0)
  expect(requests).toHaveLength(1)
  await expectWhole(page)
})

test('a reload in the middle shows at once how far it was, and goes on with the next step', async (context) => {
  const { page, requests } = await start(context, slow)
  const before = await waitForStep(page, 3)
  await page.reload()
  expect(await readStep(page)).toBeGreaterThan(before - 1)
  await waitForEnd(page)

  expect(requests).toHaveLength(2)
  expect(Number(requests[1])).toBeGreaterThan(before - 1)
  await expectWhole(page)
})

test('a reload after the end asks for nothing any more', async (context) => {
  const { page, requests } = await start(context, fast)
  await waitForEnd(page)
  await page.reload()
  await eventually(() => page.locator('#result').innerText()).toMatch(/crates/)

  expect(await page.locator('#percent').innerText()).toBe('100 %')
  expect(requests).toHaveLength(1)
})

test('[RS2] another process goes on with the job, from the step after the last one', async (context) => {
  const { demo, page } = await start(context, slow)
  await waitForStep(page, 3)
  await replaceDemo(context, demo, slow)
  await waitForEnd(page)

  await expectWhole(page)
})

test('[RS2] a restart from the bar is no more than a cut', async (context) => {
  const { page } = await start(context, slow)
  await waitForStep(page, 3)
  await press(page, 'restart')
  await waitForStatus(page, 'waiting')
  await waitForEnd(page)

  expect(await page.locator('#connections').innerText()).toBe('2')
  await expectWhole(page)
})

test('[HB3] a server that freezes is noticed by its silence, and the job comes to its end', async (context) => {
  const { demo, page } = await start(context, slow)
  await waitForStep(page, 3)
  await press(page, 'freeze')
  await eventually(() => demo.sockets.status.state).toBe('frozen')
  await waitForLoss(page)
  await press(page, 'unfreeze')
  await waitForEnd(page)

  await expectWhole(page)
})

test('another job ends the connection to the one before it', async (context) => {
  const { demo, page } = await start(context, slow)
  await waitForStep(page, 3)
  await page.locator('#crates').selectOption('20')
  await page.locator('#start').click()
  await eventually(() => page.locator('#step').innerText()).toMatch(/^\d+ of 20$/)

  await eventually(() => demo.sockets.status.eventStreams).toBe(1)
  await waitForEnd(page)
  await expectWhole(page)
})

test('a job that the server does not take is told', async (context) => {
  const demo = await useDemo(context)
  const page = await openPage(newPage, context, `${demo.url}job.html`)
  demo.sockets.stop()
  await page.locator('#start').click()

  await eventually(() => page.getByRole('alert').innerText()).toMatch(/^The server did not take the job/)
  demo.sockets.start()
  await page.locator('#start').click()
  await waitForStatus(page, 'open')
  expect(await page.locator('#failure').innerText()).toBe('')
})

async function start(
  context: TestContext,
  options: DemoOptions,
): Promise<{ demo: Demo; page: Page; requests: string[] }> {
  const demo = await useDemo(context, options)
  const page = await openPage(newPage, context, `${demo.url}job.html`)
  const requests: string[] = []
  page.on('request', (request) => {
    if (/\/jobs\/./.test(request.url())) requests.push(request.headers()['last-event-id'] ?? '')
  })
  await page.locator('#start').click()
  return { demo, page, requests }
}

async function readStep(page: Page): Promise<number> {
  return Number.parseInt(await page.locator('#step').innerText(), 10)
}

/** Resolves to the step that is shown then. */
async function waitForStep(page: Page, step: number): Promise<number> {
  await eventually(() => readStep(page)).toBeGreaterThan(step - 1)
  return readStep(page)
}

async function waitForEnd(page: Page): Promise<void> {
  await eventually(() => page.locator('#result').innerText()).toMatch(/crates of mackerel/)
  expect(await readBar(page)).toBe('Complete: closed for good')
}

async function expectWhole(page: Page): Promise<void> {
  expect(await page.locator('#continuity').innerText()).toBe('missing 0, repeated 0')
}

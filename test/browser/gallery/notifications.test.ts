import type { Page } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import type { Demo, DemoOptions } from '../../../docs/demo/server.ts'
import { eventually } from '../eventually.ts'
import { openPage, replaceDemo } from '../open-page.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { press, readFact, waitForLoss, waitForStatus } from './connection-bar.ts'
import { listFaint } from './contrast.ts'

const newPage = useBrowser()

/** News comes in all the time. */
const flowing = { noticeInterval: 200 }
/** What is there stays the newest for as long as a test takes. */
const quiet = { noticeInterval: 1_000_000_000 }

test('what comes in is listed, counted in the page and its title, and said in a toast', async (context) => {
  const { page } = await open(context, flowing)
  const toast = page.getByRole('status', { name: 'New notifications' }).locator('.toast').first()
  await toast.waitFor()

  expect(await toast.locator('strong').innerText()).not.toBe('')
  expect(await listFaint(page, 4.5)).toEqual([])
  await eventually(() => readUnread(page)).toBeGreaterThan(5)
  // In one look, since both grow.
  const [badge, unread, listed] = await page.evaluate(() => [
    Number(/^\((\d+)\) Notifications: holdfast demo$/.exec(document.title)?.[1]),
    Number(document.getElementById('unread')?.textContent),
    document.querySelectorAll('#inbox li:not([data-read])').length,
  ])
  expect([badge, listed]).toEqual([unread, unread])
})

test('what the first visit brings is no news: it is listed, and no toast says it', async (context) => {
  const { page } = await open(context, quiet)

  expect(await page.locator('#inbox li').count()).toBe(5)
  expect(await page.locator('.toast').count()).toBe(0)
})

test('what is read on one page is read on the other, and after a reload', async (context) => {
  const { demo, page } = await open(context, quiet)
  const other = await openPage(newPage, context, `${demo.url}notifications.html`)
  await eventually(() => readUnread(other)).toBe(3)

  await page.locator('#inbox button:visible').first().click()
  await Promise.all([page, other].map((each) => eventually(() => readUnread(each)).toBe(2)))
  await other.locator('#read-all').click()
  await Promise.all([page, other].map((each) => eventually(() => readUnread(each)).toBe(0)))
  expect(await page.title()).toBe('Notifications: holdfast demo')

  await page.reload()
  await eventually(() => page.locator('#inbox li[data-read]').count()).toBe(5)
})

test('the focus goes from what was marked with the keyboard to the next that can be', async (context) => {
  const { page } = await open(context, quiet)
  const first = page.locator('#inbox button:visible').first()
  const described = await page.locator('#inbox button:visible').nth(1).getAttribute('aria-describedby')

  await first.press('Enter')

  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-describedby'))).toBe(described)
})

test('[UP1] what is marked while the server is stopped is shown at once, and posted when it is back', async (context) => {
  const { demo, page } = await open(context, quiet)
  demo.sockets.stop()
  await waitForStatus(page, 'waiting')
  await page.locator('#read-all').click()
  expect(await readUnread(page)).toBe(0)

  demo.sockets.start()
  await waitForStatus(page, 'open')
  const other = await openPage(newPage, context, `${demo.url}notifications.html`)
  await eventually(() => other.locator('#inbox li[data-read]').count()).toBe(5)
})

test('[RS2] a stop and a start leave nothing out and bring nothing twice', async (context) => {
  const { demo, page } = await open(context, flowing)
  demo.sockets.stop()
  await waitForStatus(page, 'waiting')
  const last = await readLast(page)
  demo.sockets.start()

  await expectMoreThan(page, last)
  await expectWhole(page)
})

test('[RS2] another process goes on after the last id', async (context) => {
  const { demo, page } = await open(context, flowing)
  const last = await readLast(page)
  await replaceDemo(context, demo, flowing)

  await expectMoreThan(page, last + 5)
  await expectWhole(page)
})

test('[HB3] a server that freezes is noticed by its silence, and nothing of that time is missing', async (context) => {
  const { demo, page } = await open(context, flowing)
  await eventually(() => readFact(page, 'round-trip')).toMatch(/ ms$/)
  await press(page, 'freeze')
  await eventually(() => demo.sockets.status.state).toBe('frozen')
  await waitForLoss(page)
  const last = await readLast(page)
  await press(page, 'unfreeze')

  await expectMoreThan(page, last)
  await expectWhole(page)
})

async function open(context: TestContext, options: DemoOptions): Promise<{ demo: Demo; page: Page }> {
  const demo = await useDemo(context, options)
  const page = await openPage(newPage, context, `${demo.url}notifications.html`)
  await page.locator('#inbox li:nth-child(5)').waitFor()
  return { demo, page }
}

async function readUnread(page: Page): Promise<number> {
  return Number(await page.locator('#unread').innerText())
}

/** Newest first. */
function readIds(page: Page): Promise<number[]> {
  return page
    .locator('#inbox li')
    .evaluateAll((entries: HTMLElement[]) => entries.map(({ dataset }) => Number(dataset.id)))
}

async function readLast(page: Page): Promise<number> {
  return (await readIds(page))[0] ?? Number.NaN
}

function expectMoreThan(page: Page, last: number): Promise<void> {
  return eventually(() => readLast(page)).toBeGreaterThan(last)
}

async function expectWhole(page: Page): Promise<void> {
  const ids = await readIds(page)
  const [newest = Number.NaN] = ids

  expect(ids).toEqual(ids.map((_, index) => newest - index))
  expect(await page.locator('#continuity').innerText()).toBe('missing 0, repeated 0')
}

import type { Page } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import type { Demo } from '../../../docs/demo/server.ts'
import { eventually } from '../eventually.ts'
import { failOnThrown, openPage, replaceDemo } from '../open-page.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { press, readFact, waitForLoss, waitForStatus } from './connection-bar.ts'

const newPage = useBrowser()
const bellInterval = 50

test('[XT1] [XT9] eight tabs have one connection, and one of them leads', async (context) => {
  const { demo, tabs } = await openTabs(context, 8)

  for (const tab of tabs) await eventually(() => readNumbers(tab)).toEqual({ tabs: '8', connections: '1' })
  expect((await readRoles(tabs)).sort()).toEqual(['leader', ...Array(7).fill('follower')].sort())
  expect(demo.sockets.status).toMatchObject({ webSockets: 1, eventStreams: 0 })
})

test('[XT2] what is said in any tab is heard in all, once and in one order', async (context) => {
  const { tabs } = await openTabs(context, 7)
  for (const [index, tab] of tabs.entries()) {
    await tab.locator('#text').fill(`number ${index}`)
    await tab.locator('#text').press('Enter')
  }

  for (const tab of tabs) await eventually(() => tab.locator('#said li').count()).toBe(7)
  const [first, ...others] = await Promise.all(tabs.map((tab) => tab.locator('#said li').allTextContents()))
  expect(others).toEqual(others.map(() => first))
  await expectWhole(tabs)
})

test('every tab measures a round trip, the ones without a connection too', async (context) => {
  const { tabs } = await openTabs(context, 3)

  for (const tab of tabs) await eventually(() => readFact(tab, 'round-trip')).toMatch(/^\d+ ms$/)
  expect(await Promise.all(tabs.map((tab) => readFact(tab, 'transport')))).toEqual(Array(3).fill('websocket'))
})

test('the link for another tab opens one more, which follows', async (context) => {
  const { demo, tabs } = await openTabs(context, 1)
  const opened = tabs[0]?.context().waitForEvent('page')
  await tabs[0]?.getByRole('link', { name: 'Open another tab' }).click()
  const other = await opened
  if (!other || !tabs[0]) throw new Error('No tab was opened.')

  await eventually(() => other.locator('#role').innerText()).toBe('follows')
  await eventually(() => readNumbers(tabs[0] as Page)).toEqual({ tabs: '2', connections: '1' })
  expect(demo.sockets.status.webSockets).toBe(1)
})

test('[XT3] tab after tab that leads is closed: another one leads, with nothing missing and nothing twice', async (context) => {
  const { demo, tabs } = await openTabs(context, 7)

  while (tabs.length > 3) {
    const roles = await readRoles(tabs)
    const [leader] = tabs.splice(roles.indexOf('leader'), 1)
    await leader?.close()
    await eventually(async () => (await readRoles(tabs)).sort()).toEqual(['leader', ...others(tabs)].sort())
  }

  await expectMoreBells(tabs)
  await expectWhole(tabs)
  for (const tab of tabs) await eventually(() => readNumbers(tab)).toEqual({ tabs: '3', connections: '1' })
  expect(demo.sockets.status.webSockets).toBe(1)
})

test('[RS2] a restart of the server side is one new connection, and nothing is missing or comes twice', async (context) => {
  const { demo, tabs } = await openTabs(context, 7)
  demo.sockets.stop()
  for (const tab of tabs) await waitForStatus(tab, 'waiting')
  demo.sockets.start()
  for (const tab of tabs) await waitForStatus(tab, 'open')

  await expectMoreBells(tabs)
  await expectWhole(tabs)
  expect(await readTotals(tabs)).toEqual(tabs.map(() => '2'))
})

test('[HB1] a server that freezes is noticed by the tab that leads, for all of them', async (context) => {
  const { demo, tabs } = await openTabs(context, 7)
  if (tabs[3]) await press(tabs[3], 'freeze')
  await eventually(() => demo.sockets.status.state).toBe('frozen')
  await Promise.all(tabs.map((tab) => waitForLoss(tab)))
  if (tabs[3]) await press(tabs[3], 'unfreeze')
  for (const tab of tabs) await waitForStatus(tab, 'open')

  await expectMoreBells(tabs)
  await expectWhole(tabs)
  await eventually(() => demo.sockets.status.webSockets).toBe(1)
})

test('another process, whose numbers begin anew, is no gap', async (context) => {
  const { demo, tabs } = await openTabs(context, 2)
  const next = await replaceDemo(context, demo, { bellInterval })
  for (const tab of tabs) await waitForStatus(tab, 'waiting')
  for (const tab of tabs) await waitForStatus(tab, 'open')

  await expectMoreBells(tabs)
  await expectWhole(tabs)
  expect(next.sockets.status.webSockets).toBe(1)
})

/** Tabs of one browser, each open before the next one comes. */
async function openTabs(context: TestContext, count: number): Promise<{ demo: Demo; tabs: Page[] }> {
  const demo = await useDemo(context, { bellInterval })
  const first = await openPage(newPage, context, `${demo.url}tabs.html`)
  await waitForStatus(first, 'open')
  const tabs = [first]
  while (tabs.length < count) {
    const tab = await first.context().newPage()
    failOnThrown(tab, context)
    await tab.goto(first.url())
    await waitForStatus(tab, 'open')
    tabs.push(tab)
  }
  return { demo, tabs }
}

function others(tabs: readonly Page[]): string[] {
  return Array(tabs.length - 1).fill('follower')
}

function readRoles(tabs: readonly Page[]): Promise<string[]> {
  return Promise.all(tabs.map(async (tab) => (await tab.locator('#role').getAttribute('data-role')) ?? ''))
}

async function readNumbers(tab: Page): Promise<{ tabs: string; connections: string }> {
  const [tabs = '', connections = ''] = await tab.locator('#tabs, #connections').allInnerTexts()
  return { tabs, connections }
}

function readTotals(tabs: readonly Page[]): Promise<string[]> {
  return Promise.all(tabs.map((tab) => tab.locator('#total').innerText()))
}

async function expectMoreBells(tabs: readonly Page[]): Promise<void> {
  for (const tab of tabs) {
    const bells = async () => Number(await tab.locator('#bells').innerText())
    await eventually(bells).toBeGreaterThan((await bells()) + 5)
  }
}

async function expectWhole(tabs: readonly Page[]): Promise<void> {
  const counts = await Promise.all(tabs.map((tab) => tab.locator('#continuity').innerText()))
  expect(counts).toEqual(tabs.map(() => 'missing 0, repeated 0'))
}

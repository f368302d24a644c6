import { expect, test } from 'vitest'
import { startBlockingProxy } from '../../servers/blocking-proxy.ts'
import { eventually } from '../eventually.ts'
import { startNumberedServer } from './numbered-server.ts'
import { openMany, read, type Tab, type Tabs, useTabs } from './use-tabs.ts'

const openTabs = useTabs()
const hour = 3_600_000

test('[XT1] [XT3] [FB1] [FB3] eight pages share what a blocked network lets through, and the WebSocket once it is let through', async (context) => {
  const server = await startNumberedServer()
  const proxy = await startBlockingProxy(server.url, 'refuse')
  const tabs = await openTabs(context, 'composed', { server, origin: proxy.origin })
  const pages = await openMany(tabs, 8)
  const flow = setInterval(() => server.sendUntil(server.last + 5), 20)
  context.onTestFinished(() => clearInterval(flow))

  await allCarriedBy(pages, 'fetch-stream')
  expect([server.dials, server.live.length]).toEqual([1, 1])
  for (const [index, { page }] of pages.entries())
    await page.evaluate((text) => window.tab.client.send('said', text), index)
  await eventually(() => [...server.received].sort()).toEqual(pages.map((_, index) => index))

  // The next leader begins with what the last one has learned.
  await removeLeader(tabs, pages)
  await allCarriedBy(pages, 'fetch-stream')
  expect(proxy.upgrades).toBe(1)

  // By now that is forgotten, and the network has changed.
  proxy.manner = 'pass'
  for (const { page } of pages) await page.evaluate(setClockAhead, hour)
  await removeLeader(tabs, pages)
  await allCarriedBy(pages, 'websocket')
  for (const { page } of pages) await page.evaluate(() => window.tab.client.send('said', 'over the WebSocket'))
  await eventually(() => server.received.slice(8)).toEqual(pages.map(() => 'over the WebSocket'))

  clearInterval(flow)
  for (const { page } of pages) await eventually(async () => (await read(page)).last).toBe(server.last)
  const heard = await Promise.all(pages.map(({ page }) => read(page)))
  expect(heard.map(({ faults }) => faults)).toEqual(pages.map(() => []))
  expect([server.dials, server.live.length]).toEqual([3, 1])
})

test('[XT2] [XT3] [UP1] what pages send over one upstream arrives in order, though those that post go away in the middle of it', async (context) => {
  const server = await startNumberedServer()
  const proxy = await startBlockingProxy(server.url, 'refuse')
  const tabs = await openTabs(context, 'composed', { server, origin: proxy.origin })
  const pages = await openMany(tabs, 5)
  await allCarriedBy(pages, 'fetch-stream')
  const numbers = Array.from({ length: 200 }, (_, index) => index)
  const isLeader = ({ name }: Tab) => name === server.live[0]
  const followers = pages.filter((tab) => !isLeader(tab))

  for (const { name, page } of followers) await page.evaluate(sendAll, name, numbers)
  const gone = new Set<string>()
  while (gone.size < 2) {
    const posted = server.received.length
    await eventually(() => server.received.length).toBeGreaterThan(posted + 50)
    gone.add(`${server.live[0]}`)
    await removeLeader(tabs, pages)
  }

  const stayed = pages.filter(({ name }) => !gone.has(name) && followers.some((tab) => tab.name === name))
  expect(stayed.length).toBeGreaterThan(2)
  for (const { page } of stayed) await eventually(() => page.evaluate(readUnsent)).toBe(0)
  for (const { name } of stayed) {
    const arrived = server.received.flatMap((data) => {
      const [from, number] = data as [string, number]
      return from === name ? [number] : []
    })
    expect([...new Set(arrived)], name).toEqual(numbers)
    // Only what had no answer when the page went that had posted it comes twice.
    expect(arrived.length - numbers.length, name).toBeLessThanOrEqual(gone.size)
  }
})

/** Waits until every page says that this transport carries it, be it over the leader's link. */
async function allCarriedBy(pages: readonly Tab[], carrier: string): Promise<void> {
  for (const { page } of pages) await eventually(async () => (await read(page)).carrier).toBe(carrier)
}

/** Closes the leader, and waits until the next one's link is the only one: before that, every page still reads what it did. */
async function removeLeader({ server }: Tabs, pages: Tab[]): Promise<void> {
  const leader = pages.find(({ name }) => name === server.live[0])
  if (!leader) throw new Error(`Nobody leads: ${server.live}`)
  pages.splice(pages.indexOf(leader), 1)
  await leader.page.close()
  await eventually(() => server.live.map((name) => name === leader.name)).toEqual([false])
}

/** Runs in the page. */
function setClockAhead(by: number): void {
  const now = Date.now.bind(Date)
  Date.now = () => now() + by
}

/** Runs in the page. */
function sendAll(name: string, numbers: readonly number[]): void {
  for (const number of numbers) window.tab.client.send('said', [name, number])
}

/** Runs in the page: the bytes that are not yet sent. */
function readUnsent(): number {
  return window.tab.client.bufferedAmount
}

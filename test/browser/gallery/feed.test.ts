import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { Page } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import type { Demo } from '../../../docs/demo/server.ts'
import { eventually } from '../eventually.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { press, readBar, waitForStatus } from './connection-bar.ts'

const feedInterval = 50

const newPage = useBrowser()

test.concurrent('[ES1] named events and those without a name arrive, each under its kind', async (context) => {
  const { page } = await follow(context)

  for (const kind of ['notification', 'message', 'ping']) {
    await page.locator(`#log li[data-kind="${kind}"]`).first().waitFor()
    await eventually(() => readNumber(page, `#count-${kind}`)).toBeGreaterThan(0)
  }
  await expectWhole(page)
})

test.concurrent('a kind that is switched off is hidden, and still counted', async (context) => {
  const { page } = await follow(context)
  await page.locator('#log li[data-kind="message"]').first().waitFor()

  await page.locator('#show-message').uncheck()
  const counted = await readNumber(page, '#count-message')
  await eventually(() => readNumber(page, '#count-message')).toBeGreaterThan(counted)

  expect(await page.locator('#log li[data-kind="message"]:visible').count()).toBe(0)
})

test.concurrent('[ES2] after a stop and a start of the sockets the browser resumes with the last id', async (context) => {
  const { demo, page } = await follow(context)
  const requests = listFeedRequests(context, demo)

  demo.sockets.stop()
  await waitForStatus(page, 'waiting')
  expect(await readBar(page)).toMatch(/^Reconnecting in [123] s /)
  const last = await page.locator('#last-id').innerText()
  demo.sockets.start()
  await waitForStatus(page, 'open')

  expect(requests).toEqual([{ url: '/feed', lastEventId: last }])
  await expectMoreThan(page, last)
  await expectWhole(page)
})

test.concurrent('[ES2] a try that meets stopped sockets is followed by another one, and nothing is missing', async (context) => {
  const { demo, page } = await follow(context)
  const requests = listFeedRequests(context, demo)

  demo.sockets.stop()
  await waitForStatus(page, 'waiting')
  const last = await page.locator('#last-id').innerText()
  await eventually(() => requests.length).toBeGreaterThan(0)
  const inVain = requests.length
  demo.sockets.start()
  await waitForStatus(page, 'open')

  expect(requests.length).toBeGreaterThan(inVain)
  expect(requests).toEqual(requests.map(() => ({ url: '/feed', lastEventId: last })))
  await expectMoreThan(page, last)
  await expectWhole(page)
})

test.concurrent('[ES2] after a restart of the whole server nothing is missing and nothing comes twice', async (context) => {
  const { demo, page } = await follow(context)

  await demo.close()
  await waitForStatus(page, 'waiting')
  const last = await page.locator('#last-id').innerText()
  const requests = listFeedRequests(context, demo)
  await useDemo(context, { port: Number(new URL(demo.url).port), feedInterval })
  await waitForStatus(page, 'open')

  expect(requests).toEqual([{ url: '/feed', lastEventId: last }])
  await expectMoreThan(page, last)
  await expectWhole(page)
})

test.concurrent('[ES4] a source that replaces another one has the last id in its URL, and after a drop the newer one in a header', async (context) => {
  const { demo, page } = await follow(context)
  const requests = listFeedRequests(context, demo)

  await press(page, 'reconnect')
  await waitForStatus(page, 'open')
  const replacement = requests.at(-1)?.url ?? ''
  expect(replacement).toMatch(/^\/feed\?lastEventId=\d+$/)
  const replacedAt = new URL(replacement, demo.url).searchParams.get('lastEventId') ?? ''
  await expectMoreThan(page, replacedAt)

  demo.sockets.stop()
  await waitForStatus(page, 'waiting')
  const last = await page.locator('#last-id').innerText()
  demo.sockets.start()
  await waitForStatus(page, 'open')
  await expectMoreThan(page, last)

  expect(Number(last)).toBeGreaterThan(Number(replacedAt))
  expect(requests).toEqual([
    { url: replacement, lastEventId: undefined },
    { url: replacement, lastEventId: last },
  ])
  await expectWhole(page)
})

test.concurrent('[RS2] "Disconnect" and "Connect" go on after the last id', async (context) => {
  const { demo, page } = await follow(context)

  await press(page, 'toggle')
  expect(await readBar(page)).toBe('Disconnected')
  await eventually(() => demo.sockets.status.eventStreams).toBe(0)
  const last = await page.locator('#last-id').innerText()
  await press(page, 'toggle')

  await expectMoreThan(page, last)
  await expectWhole(page)
})

test.concurrent('[RS2] over a WebSocket, too, a stop and a start of the sockets leave nothing out and bring nothing twice', async (context) => {
  const { demo, page } = await follow(context, '?over=websocket')
  expect(demo.sockets.status).toMatchObject({ webSockets: 1, eventStreams: 0 })
  for (const kind of ['notification', 'message', 'ping']) {
    await page.locator(`#log li[data-kind="${kind}"]`).first().waitFor()
  }
  const asked = page.waitForEvent('websocket')

  demo.sockets.stop()
  await waitForStatus(page, 'waiting')
  const last = await page.locator('#last-id').innerText()
  demo.sockets.start()
  await waitForStatus(page, 'open')

  expect((await asked).url()).toBe(`${demo.url.replace('http:', 'ws:')}feed?since=${last}`)
  await expectMoreThan(page, last)
  await expectWhole(page)
})

test.concurrent('over a WebSocket, who was away for too long hears how much is missing', async (context) => {
  const { demo, page } = await follow(context, '?over=websocket')
  await press(page, 'toggle')
  expect(await readBar(page)).toBe('Disconnected')

  const missed = await page.evaluate(
    ([url, since]) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${url}?since=${since}`)
        socket.onmessage = ({ data }) => {
          socket.close()
          resolve(JSON.parse(data))
        }
      }),
    [`${demo.url.replace('http:', 'ws:')}feed`, '1'] as const,
  )

  expect(missed).toEqual({
    type: 'gap',
    id: expect.any(Number),
    data: { from: 2, to: expect.any(Number), missed: expect.any(Number) },
  })
})

/** A page on the feed, with its first events in. */
async function follow(context: TestContext, query = ''): Promise<{ demo: Demo; page: Page }> {
  const demo = await useDemo(context, { feedInterval })
  const page = await newPage(context)
  await page.addInitScript(recordIds)
  await page.goto(`${demo.url}feed.html${query}`)
  await eventually(async () => (await readIds(page)).length).toBeGreaterThan(2)
  return { demo, page }
}

interface Recording {
  recordedIds?: number[]
}

/** In the page: the ids of all entries, in the order in which they came in. The list itself keeps only the newest. */
function recordIds(): void {
  const recorded: number[] = []
  Object.assign<Window, Recording>(window, { recordedIds: recorded })

  addEventListener('DOMContentLoaded', () => {
    const log = document.querySelector('#log')
    if (!log) return

    new MutationObserver((records) => {
      for (const { addedNodes } of records) {
        for (const node of addedNodes) recorded.push(Number((node as HTMLElement).dataset.id))
      }
    }).observe(log, { childList: true })
  })
}

function readIds(page: Page): Promise<number[]> {
  return page.evaluate(() => (window as Recording).recordedIds ?? [])
}

async function readNumber(page: Page, selector: string): Promise<number> {
  return Number(await page.locator(selector).innerText())
}

async function expectMoreThan(page: Page, last: string): Promise<void> {
  await eventually(async () => (await readIds(page)).at(-1)).toBeGreaterThan(Number(last))
}

/** The ids are consecutive numbers, and the page has come to the same result by its own count. */
async function expectWhole(page: Page): Promise<void> {
  const ids = await readIds(page)
  const [first = Number.NaN] = ids

  expect(ids).toEqual(ids.map((_, index) => first + index))
  expect([await readNumber(page, '#missing'), await readNumber(page, '#repeated')]).toEqual([0, 0])
  expect(await page.locator('#log li[data-kind="gap"]').count()).toBe(0)
}

interface FeedRequest {
  readonly url: string
  readonly lastEventId: string | undefined
}

/** What reaches the server from now on, as the server itself reads it. */
function listFeedRequests(context: TestContext, { url: demoUrl }: Demo): FeedRequest[] {
  const requests: FeedRequest[] = []
  const { host } = new URL(demoUrl)
  const listen = (message: unknown) => {
    const { url = '', headers } = (message as { readonly request: IncomingMessage }).request
    if (headers.host !== host || !/^\/feed(\?|$)/.test(url)) return
    requests.push({ url, lastEventId: headers['last-event-id'] as string | undefined })
  }

  subscribe('http.server.request.start', listen)
  context.onTestFinished(() => void unsubscribe('http.server.request.start', listen))
  return requests
}

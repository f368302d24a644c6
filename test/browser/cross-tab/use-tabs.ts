/** Pages of one browser context, each with a client over `crossTab`, on a server of their own. */
import type { Page } from 'puppeteer-core'
import type { TestContext } from 'vitest'
import type * as holdfast from '../../../src/global.ts'
import { eventually } from '../eventually.ts'
import { useLivingChromium } from '../living-chromium.ts'
import { type NumberedServer, startNumberedServer } from './numbered-server.ts'

export const transports = ['webSocket', 'eventSource', 'fetchStream'] as const
/** `composed` is a list: a WebSocket, or else a stream with an upstream. */
export type TransportName = (typeof transports)[number] | 'composed'

export interface TabsOptions {
  /** In milliseconds. @default 5000 */
  readonly leaderTimeout?: number
  /** One that has been started, and where the pages find it. */
  readonly server?: NumberedServer
  readonly origin?: string
}

export interface Tab {
  readonly name: string
  readonly page: Page
}

/** What a page has heard: numbers that follow each other, or else what came instead of the one that was due. */
export interface Heard {
  readonly first: number
  readonly last: number
  readonly faults: readonly string[]
  readonly status: string
  /** What carries, while it is open. */
  readonly carrier: string | undefined
  readonly codes: readonly string[]
}

export interface Tabs {
  readonly server: NumberedServer
  /** Opens another page, whose client connects. Pages with another name for `crossTab` are none of the others' business. */
  open(shared?: string): Promise<Tab>
}

interface Subject {
  readonly client: holdfast.DuplexClient
  readonly heard: { first: number; last: number; faults: string[]; codes: string[] }
}

declare global {
  interface Window {
    tab: Subject
  }
}

export function useTabs(): (test: TestContext, transport: TransportName, options?: TabsOptions) => Promise<Tabs> {
  // A page that crashes must not take another one with it.
  const browser = useLivingChromium('--disable-features=ProcessPerSiteUpToMainFrameThreshold')

  return async (test, transport, { leaderTimeout = 5000, ...options } = {}) => {
    const server = options.server ?? (await startNumberedServer())
    test.onTestFinished(() => server.close())
    const { origin = server.url } = options
    const context = await browser().createBrowserContext()
    test.onTestFinished(() => context.close())
    let pages = 0

    return {
      server,
      async open(shared = 'numbers') {
        pages += 1
        const name = `page ${pages}`
        const page = await context.newPage()
        await page.goto(origin)
        await page.evaluate(startTab, transport, name, shared, leaderTimeout)
        return { name, page }
      },
    }
  }
}

export async function openMany(tabs: Tabs, count: number): Promise<Tab[]> {
  const opened: Tab[] = []
  for (let number = 0; number < count; number += 1) opened.push(await tabs.open())
  await allOpen(opened)
  return opened
}

export async function allOpen(tabs: readonly Tab[]): Promise<void> {
  for (const { page } of tabs) await eventually(async () => (await read(page)).status).toBe('open')
}

export function read(page: Page): Promise<Heard> {
  return page.evaluate(() => {
    const { client, heard } = window.tab
    const { state } = client
    return { ...heard, status: state.status, carrier: state.status === 'open' ? state.transport : undefined }
  })
}

/** Runs in the page, so that it may refer to nothing out here. */
function startTab(transport: TransportName, name: string, shared: string, leaderTimeout: number): void {
  const { createClient, crossTab, fallback, webSocket, withUpstream, eventSource, fetchStream } = (
    window as unknown as { Holdfast: typeof holdfast }
  ).Holdfast
  const url = `/link?page=${encodeURIComponent(name)}`
  const socket = webSocket(({ lastEventId }) => `${url}&last=${lastEventId}`)
  const inner = {
    webSocket: () => socket,
    eventSource: () => eventSource(url, { lastEventIdParam: 'last' }) as holdfast.DuplexTransport,
    fetchStream: () => fetchStream(url) as holdfast.DuplexTransport,
    composed: () => fallback([socket, withUpstream(fetchStream(url), '/messages')]),
  }[transport]()
  // Ids inside frames only the codec reads.
  const client = createClient(crossTab(inner, { name: shared, leaderTimeout }), { dedupe: 5000 })
  const heard = { first: 0, last: 0, faults: [] as string[], codes: [] as string[] }
  client.on('n', (number: number) => {
    if (heard.last && number !== heard.last + 1) heard.faults.push(`${number} after ${heard.last}`)
    heard.first ||= number
    heard.last = number
  })
  client.onError(({ code }) => heard.codes.push(code))
  window.tab = { client, heard }
  client.connect()
}

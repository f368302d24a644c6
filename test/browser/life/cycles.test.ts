import type { CDPSession, Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { startLiveServer } from './live-server.ts'
import { type TransportName, transports } from './page-client.ts'
import { useLife } from './use-life.ts'

const openLife = useLife()

/** So many cycles, until V8 has compiled what it compiles for them. */
const warmUp = 250
const cycles = 1000
/** Bytes a cycle may leave: less than one closure with what it closes over, more than V8's own unrest. */
const unrest = 100
/** Chromium keeps WebSockets to one port 10 ms apart. */
const ports = 4

for (const transport of transports) {
  test.concurrent(`[CN14] ${transport}: a thousand connections of one client leave the page as it was`, async (context) => {
    const { page, server: first } = await openLife(context)
    const more = await Promise.all(Array.from({ length: ports - 1 }, () => startLiveServer()))
    context.onTestFinished(async () => void (await Promise.all(more.map((server) => server.close()))))
    const servers = [first, ...more]
    await page.evaluate(countTimers)
    await page.evaluate(
      makeClient,
      transport,
      servers.map(({ url }) => `${url}link`),
    )

    const before = await takeStock(page, warmUp)
    const startedAt = Date.now()
    const after = await takeStock(page, cycles)
    console.log(
      `[CN14] ${transport}: ${cycles} cycles in ${Date.now() - startedAt} ms, heap ${before.heap} → ${after.heap} bytes, ` +
        `${JSON.stringify(before.counts)} → ${JSON.stringify(after.counts)}`,
    )

    await eventually(() => servers.filter(({ live }) => live > 0)).toEqual([])
    expect(servers.flatMap(({ dials }) => dials).length).toBe(warmUp + cycles)
    expect(after.counts).toEqual(before.counts)
    expect(after.counts).toMatchObject({ listeners: 0, timers: 0, links: 0 })
    expect(after.heap - before.heap).toBeLessThan(cycles * unrest)
  })
}

interface Stock {
  /** Bytes of JavaScript. */
  readonly heap: number
  readonly counts: Readonly<Record<'listeners' | 'nodes' | 'timers' | 'links' | 'signals' | 'promises', number>>
}

/** What lives in the page after so many cycles, once the garbage is out. */
async function takeStock(page: Page, times: number): Promise<Stock> {
  await page.evaluate((count) => window.cycle(count), times)

  const cdp = await page.createCDPSession()
  await cdp.send('Performance.enable')
  // What a finalizer lets go of is garbage only for the next one.
  for (let round = 0; round < 3; round += 1) await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize: heap } = await cdp.send('Runtime.getHeapUsage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN
  const counts = {
    listeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
    timers: await page.evaluate(() => window.timers.size),
    links: (await countLiving(cdp, 'WebSocket')) + (await countLiving(cdp, 'EventSource')),
    signals: await countLiving(cdp, 'AbortSignal'),
    promises: await countLiving(cdp, 'Promise'),
  }
  await cdp.detach()
  return { heap, counts }
}

/** Objects of this class that can still be reached. */
async function countLiving(cdp: CDPSession, name: string): Promise<number> {
  const objectGroup = 'living'
  const { result: prototype } = await cdp.send('Runtime.evaluate', { expression: `${name}.prototype`, objectGroup })
  const { objects } = await cdp.send('Runtime.queryObjects', {
    prototypeObjectId: prototype.objectId ?? '',
    objectGroup,
  })
  const { result } = await cdp.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: 'function () { return this.length }',
  })
  await cdp.send('Runtime.releaseObjectGroup', { objectGroup })
  return result.value
}

declare global {
  interface Window {
    timers: Set<number>
    cycle(times: number): Promise<void>
  }
}

/** In the page: keeps the timers that are set and neither cleared nor over. */
function countTimers(): void {
  const { setTimeout: set, clearTimeout: clear } = window
  const timers = new Set<number>()
  Object.assign(window, {
    timers,
    setTimeout(callback: () => void, ms?: number) {
      const timer = set(() => {
        timers.delete(timer)
        callback()
      }, ms)
      timers.add(timer)
      return timer
    },
    clearTimeout(timer?: number) {
      timers.delete(timer ?? 0)
      clear(timer)
    },
  })
}

/** In the page: one client with everything on, and what opens and closes it. */
function makeClient(transport: TransportName, urls: readonly string[]): void {
  const { createClient, webSocket, eventSource } = window.Holdfast
  const options = { heartbeat: {}, lifecycle: { hidden: 60_000 } }
  let dials = 0
  const url = () => urls[dials++ % urls.length] as string
  const client = createClient(transport === 'webSocket' ? webSocket(url) : eventSource(url), options)
  window.cycle = async (times) => {
    for (let count = 0; count < times; count += 1) {
      client.connect()
      await client.opened()
      client.close()
    }
  }
}

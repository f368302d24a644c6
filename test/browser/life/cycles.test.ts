import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { type TransportName, transports } from './page-client.ts'
import { useLife } from './use-life.ts'

const openLife = useLife()

const warmUp = 100
const cycles = 1000

for (const transport of transports) {
  test.concurrent(`[CN14] ${transport}: a thousand connections of one client leave the page as it was`, async (context) => {
    const { page, server } = await openLife(context)
    await page.evaluate(countTimers)
    await page.evaluate(makeClient, transport)

    await cycle(page, warmUp)
    await eventually(() => server.live).toBe(0)
    const before = await takeStock(page)
    const startedAt = Date.now()
    await cycle(page, cycles)
    const took = Date.now() - startedAt
    await eventually(() => server.live).toBe(0)
    const after = await takeStock(page)

    console.log(
      `[CN14] ${transport}: ${cycles} cycles in ${took} ms, before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`,
    )
  })
}

interface Stock {
  /** Bytes of the page's JavaScript heap. */
  readonly heap: number
  readonly listeners: number
  readonly nodes: number
  readonly timers: number
  readonly links: number
  readonly signals: number
  readonly promises: number
}

/** What lives in a page once the garbage is out. */
async function takeStock(page: Page): Promise<Stock> {
  const cdp = await page.createCDPSession()
  await cdp.send('Performance.enable')
  // What a finalizer lets go of is garbage only for the next one.
  for (let round = 0; round < 3; round += 1) await cdp.send('HeapProfiler.collectGarbage')

  const { usedSize: heap } = await cdp.send('Runtime.getHeapUsage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN
  const living = async (name: string) => {
    const prototype = await cdp.send('Runtime.evaluate', { expression: `${name}.prototype` })
    const { objects } = await cdp.send('Runtime.queryObjects', {
      prototypeObjectId: prototype.result.objectId ?? '',
      objectGroup: 'stock',
    })
    const { result } = await cdp.send('Runtime.callFunctionOn', {
      objectId: objects.objectId ?? '',
      functionDeclaration: 'function () { return this.length }',
    })
    return result.value as number
  }
  const stock = {
    heap,
    listeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
    timers: await page.evaluate(() => window.timers.size),
    links: (await living('WebSocket')) + (await living('EventSource')),
    signals: await living('AbortSignal'),
    promises: await living('Promise'),
  }
  await cdp.send('Runtime.releaseObjectGroup', { objectGroup: 'stock' })
  await cdp.detach()
  return stock
}

declare global {
  interface Window {
    timers: Set<number>
    cycle(times: number): Promise<void>
  }
}

function cycle(page: Page, times: number): Promise<void> {
  return page.evaluate((count) => window.cycle(count), times)
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
function makeClient(transport: TransportName): void {
  const { createClient, webSocket, eventSource } = window.Holdfast
  const options = { heartbeat: {}, lifecycle: { hidden: 60_000 } }
  const client =
    transport === 'webSocket' ? createClient(webSocket('/link'), options) : createClient(eventSource('/link'), options)
  window.cycle = async (times) => {
    for (let count = 0; count < times; count += 1) {
      client.connect()
      await client.opened()
      client.close()
    }
  }
}

import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import type { Global } from '../../../src/global.ts'
import type { Store } from '../../../src/store/index.ts'
import { eventually } from '../eventually.ts'
import { hidePage } from './hide-page.ts'
import { openClient, waitForPage } from './page-client.ts'
import { type Life, useLife } from './use-life.ts'

const openLife = useLife()

test.concurrent('[ST2] of thousands of messages each is counted, and a frame publishes them at most once', async (context) => {
  const { page, tell } = await openCount(await openLife(context))

  for (let burst = 1; burst <= 10; burst += 1) {
    tell(500)
    await eventually(async () => (await readCount(page)).count).toBe(500 * burst)
  }

  const { published, frames } = await readCount(page)
  expect(published.at(-1)).toBe(5000)
  expect(published.length).toBeGreaterThanOrEqual(10)
  expect(new Set(frames).size).toBe(frames.length)
})

test.concurrent('[ST2] a hidden page, which is not drawn, publishes what comes', async (context) => {
  const life = await openLife(context)
  const { page, tell } = await openCount(life)
  await hidePage(life)

  tell(100)
  await eventually(async () => (await readCount(page)).count).toBe(100)

  expect(await page.evaluate(() => document.hidden)).toBe(true)
  expect((await readCount(page)).published.at(-1)).toBe(100)
})

test.concurrent('[ST2] what comes as a page is hidden and shown again is published without a gap', async (context) => {
  const life = await openLife(context)
  const { page, tell } = await openCount(life)

  tell(10)
  await hidePage(life)
  tell(10)
  await page.bringToFront()
  await waitForPage(page, 'visible')
  tell(10)

  await eventually(async () => (await readCount(page)).count).toBe(30)
  expect((await readCount(page)).published.at(-1)).toBe(30)
})

test.concurrent('[ST2] a page that stops to follow before the frame has the last value, and is not called any more', async (context) => {
  const { page, tell } = await openCount(await openLife(context))
  await page.evaluate(() => {
    window.subject.client.onAny(() => {
      window.count.leave()
      window.count.atLeaving = window.count.store.getSnapshot()
    })
  })

  tell(1)
  await eventually(() => page.evaluate(() => window.count.atLeaving)).toBe(1)
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))

  expect((await readCount(page)).published).toEqual([])
})

test.concurrent('what a subscriber throws in a frame is an uncaught error of the page', async (context) => {
  const { page, tell } = await openCount(await openLife(context))
  const errors: unknown[] = []
  page.on('pageerror', (error) => errors.push((error as Error).message))
  await page.evaluate(() => {
    window.count.store.subscribe(() => {
      throw new Error('broken')
    })
    window.count.store.subscribe(() => window.count.after.push(window.count.store.getSnapshot()))
  })

  tell(3)

  await eventually(() => page.evaluate(() => window.count.after.at(-1))).toBe(3)
  await eventually(() => errors.length).toBeGreaterThan(0)
  expect(new Set(errors)).toEqual(new Set(['broken']))
})

interface Count {
  readonly store: Store<number>
  /** Each snapshot that was published. */
  readonly published: number[]
  /** The time of the frame in which each was, as the page's timeline has it: the same during a frame, and another in the next. */
  readonly frames: number[]
  readonly after: number[]
  atLeaving: number | undefined
  leave(): void
}

declare global {
  interface Window {
    count: Count
  }
}

/** A page that counts what its server tells over a WebSocket, by frames. */
async function openCount({ page, server }: Life) {
  await openClient(page, 'webSocket')
  await page.evaluate(() => {
    const { fold } = window.Holdfast as Global
    const store = fold(window.subject.client, 'hello', (count: number) => count + 1, 0, { batch: 'frame' })
    const published: number[] = []
    const frames: number[] = []
    const leave = store.subscribe(() => {
      published.push(store.getSnapshot())
      frames.push(Number(document.timeline.currentTime))
    })
    window.count = { store, published, frames, after: [], atLeaving: undefined, leave }
  })
  const tell = (times: number) => {
    for (let time = 0; time < times; time += 1) server.tell('hello')
  }
  return { page, tell }
}

function readCount(page: Page): Promise<{ count: number; published: number[]; frames: number[] }> {
  return page.evaluate(() => {
    const { store, published, frames } = window.count
    return { count: store.getSnapshot(), published, frames }
  })
}

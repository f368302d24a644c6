import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { receiveUpload, type UploadStore } from '../../docs/recipes/server/receive-upload.ts'
import { startLiveServer } from '../servers/live-server.ts'
import { contentOf } from './content-of.ts'
import { makePageScript } from './page-script.ts'
import type { uploadAndWatch } from './upload-page.ts'
import { useBrowser } from './use-browser.ts'

const newPage = useBrowser()

let script = ''
beforeAll(async () => {
  script = await makePageScript('test/browser/upload-page.ts')
})

const size = 50_000_000
const megabyte = 2 ** 20
/** What the recipe lets wait: `below`, one piece, and what the browser adds to it. */
const allowed = 262_144 + 65_536 + 1024

test('[SQ5] a page uploads 50 MB over a slow link, goes on drawing, and holds next to nothing of it', {
  timeout: 120_000,
}, async (context) => {
  const { origin, url, received } = await startSlowStore()
  const page = await newPage(context)
  page.setDefaultTimeout(100_000)
  await page.goto(origin)
  await page.addScriptTag({ content: script })
  const heap = await watchHeap(page)
  const witness = await page.evaluate(
    ([to, bytes]) => (globalThis as unknown as UploadPage).Live.uploadAndWatch(to, bytes),
    [url, size] as const,
  )
  const { readings, mostUncollected } = await heap.end()
  const seconds = witness.duration / 1000
  console.log(
    `[upload] ${size / 1e6} MB in ${seconds.toFixed(1)} s (${(size / 1e6 / seconds).toFixed(1)} MB/s): longest gap between ` +
      `${witness.frames} frames ${ms(witness.longestFrame)}, of a 16 ms timer ${ms(witness.longestTimer)}; bufferedAmount at ` +
      `most ${(witness.mostBuffered / 1024).toFixed(0)} KiB; live memory of the page, once a second: ` +
      `${readings.map(mb).join(', ')} MB, and at most ${mb(mostUncollected)} MB with what was not collected yet`,
  )

  expect(hash([received()])).toBe(hash(contentOf(size)))
  // It was slow: what was sent at once would have been there at once.
  expect(seconds).toBeGreaterThan(4)
  expect(witness.mostBuffered).toBeLessThan(allowed)
  expect(witness.longestFrame).toBeLessThan(1000)
  expect(witness.longestTimer).toBeLessThan(1000)
  expect(readings.length).toBeGreaterThan(4)
  expect(Math.max(...readings)).toBeLessThan(8 * megabyte)
  expect(mostUncollected).toBeLessThan(size / 2)
})

interface UploadPage {
  readonly Live: { readonly uploadAndWatch: typeof uploadAndWatch }
}

/** A server with the recipe, whose store takes 10 ms for a piece: some 5 MB a second. */
async function startSlowStore() {
  const stored = Buffer.alloc(size)
  const store: UploadStore = {
    sizeOf: async () => 0,
    async write(_, at, piece) {
      stored.set(piece, at)
      await new Promise((resolve) => setTimeout(resolve, 10))
    },
  }
  const { origin, url } = await startLiveServer(
    (server) => {
      new WebSocketServer({ server }).on('connection', (socket) => {
        socket.on('error', () => socket.terminate())
        receiveUpload(socket, store)
      })
    },
    (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Upload</title>'),
  )
  return { origin, url, received: () => stored }
}

/** Asks the page once a second for its heap and its buffers, before and after what is dead has been collected. */
async function watchHeap(page: Page) {
  const cdp = await page.context().newCDPSession(page)
  const readings: number[] = []
  let mostUncollected = 0
  let isOver = false

  async function used(): Promise<number> {
    const { usedSize, backingStorageSize } = (await cdp.send('Runtime.getHeapUsage')) as unknown as HeapUsage
    return usedSize + backingStorageSize
  }
  async function look(): Promise<void> {
    mostUncollected = Math.max(mostUncollected, await used())
    await cdp.send('HeapProfiler.collectGarbage')
    const live = await used()
    readings.push(live)
  }

  await look()
  const watching = (async () => {
    while (!isOver) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  })()
  return {
    async end() {
      isOver = true
      await watching
      return { readings, mostUncollected }
    },
  }
}

interface HeapUsage {
  readonly usedSize: number
  /** Of buffers, which are not on the heap. */
  readonly backingStorageSize: number
}

function hash(parts: Iterable<Uint8Array>): string {
  const sha = createHash('sha256')
  for (const part of parts) sha.update(part)
  return sha.digest('hex')
}

function mb(bytes: number): string {
  return (bytes / megabyte).toFixed(1)
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(0)} ms`
}

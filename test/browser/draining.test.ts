import { beforeAll, expect, test } from 'vitest'
import type * as Holdfast from '../../src/index.ts'
import { startSlowSocketServer } from '../servers/slow-socket-server.ts'
import { eventually } from './eventually.ts'
import { makePageScript } from './page-script.ts'
import { useBrowser } from './use-browser.ts'

const newPage = useBrowser()

let script = ''
beforeAll(async () => {
  script = await makePageScript()
})

interface Page {
  readonly Live: typeof Holdfast
  client: Holdfast.DuplexClient
  readonly outcomes: string[]
}

const megabyte = 2 ** 20
/** How many pieces of a megabyte are sent: the browser and the system keep less than half of them. */
const pieces = 32

test('[SQ5][SQ3] in a page, drained waits for a server that reads slowly, and what is volatile does not', async (context) => {
  const server = await startSlowSocketServer('<title>Slow</title>')
  const page = await newPage(context)
  await page.goto(server.url.replace('ws:', 'http:'))
  await page.addScriptTag({ content: script })
  await page.evaluate(async (url) => {
    const { createClient, webSocket, binary } = (globalThis as unknown as Page).Live
    const client = createClient(webSocket(url), { codec: binary() })
    Object.assign(globalThis, { client, outcomes: [] })
    client.connect()
    await client.opened()
  }, server.url)

  const first = await page.evaluate(
    ([count, size]) => {
      const { client, outcomes } = globalThis as unknown as Page
      for (let sent = 0; sent < count; sent += 1) client.send('message', new Uint8Array(size))
      client.drained({ below: size }).then(() => outcomes.push(`below at ${client.bufferedAmount <= size}`))
      client.drained().then(() => outcomes.push(`all at ${client.bufferedAmount}`))
      return client.bufferedAmount
    },
    [pieces, megabyte] as const,
  )
  expect(first).toBe(pieces * megabyte)

  const volatile = () =>
    page.evaluate(() => (globalThis as unknown as Page).client.send('message', new Uint8Array(1), { volatile: true }))
  const buffered = () => page.evaluate(() => (globalThis as unknown as Page).client.bufferedAmount)
  const outcomes = () => page.evaluate(() => (globalThis as unknown as Page).outcomes)
  const standing = await standsStill(buffered)
  console.log(`[drained] of ${pieces} MB to a server that does not read, Chromium says that ${mb(standing)} MB wait`)
  expect(standing).toBeGreaterThan((pieces / 2) * megabyte)
  expect(await outcomes()).toEqual([])
  expect(await volatile()).toBe('dropped')

  server.goOn()
  await eventually(outcomes).toEqual(['below at true', 'all at 0'])
  await eventually(server.read).toBe(pieces * megabyte)
  expect(await volatile()).toBe('sent')
  await eventually(server.read).toBe(pieces * megabyte + 1)
})

test('[SQ5] in a page, close() while a server does not read rejects at once', async (context) => {
  const server = await startSlowSocketServer('<title>Slow</title>')
  const page = await newPage(context)
  await page.goto(server.url.replace('ws:', 'http:'))
  await page.addScriptTag({ content: script })
  const outcome = await page.evaluate(
    async ([url, size]) => {
      const { createClient, webSocket, binary, isRealtimeError } = (globalThis as unknown as Page).Live
      const client = createClient(webSocket(url), { codec: binary() })
      client.connect()
      await client.opened()
      client.send('message', new Uint8Array(size))
      const drained = client.drained().catch((error) => isRealtimeError(error) && error.code)
      client.close()
      return [await drained, client.bufferedAmount]
    },
    [server.url, pieces * megabyte] as const,
  )

  expect(outcome).toEqual(['aborted', 0])
})

/** Resolves with what it reads when that has stayed the same for a while. */
async function standsStill(read: () => Promise<number>): Promise<number> {
  let last = -1
  let looks = 0
  await eventually(async () => {
    const now = await read()
    looks = now === last ? looks + 1 : 0
    last = now
    return looks
  }).toBeGreaterThan(9)
  return last
}

function mb(bytes: number): string {
  return (bytes / megabyte).toFixed(1)
}

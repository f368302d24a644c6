import type { Page } from 'playwright-core'
import { beforeAll, expect, type TestContext, test } from 'vitest'
import type * as Holdfast from '../../src/index.ts'
import { startLiveServer } from '../servers/live-server.ts'
import { eventually } from './eventually.ts'
import { makePageScript } from './page-script.ts'
import { useBrowser } from './use-browser.ts'

const newPage = useBrowser()

let script = ''
beforeAll(async () => {
  script = await makePageScript()
})

interface Shown {
  readonly Live: typeof Holdfast
  readonly errors: string[]
  heard: number
}

test('[HB3] events that the page listens to are signs of life of a stream', async (context) => {
  const { page, dials } = await givenStream(context, 'event: ping\ndata:\n\n', ['ping'])
  await eventually(() => page.evaluate(() => (globalThis as unknown as Shown).heard)).toBeGreaterThan(50)

  expect(await readErrors(page)).toEqual([])
  expect(dials()).toBe(1)
})

test.for([
  ['events that it does not listen to', 'event: ping\ndata:\n\n'],
  ['comments', ': still here\n\n'],
  ['events without a `data` line', 'event: ping\n\n'],
] as const)(
  '[HB3] a stream of which the browser tells the page nothing, having only %s, is silent',
  async (given, context) => {
    const [what, block] = given
    const { page, dials } = await givenStream(
      context,
      block,
      what === 'events that it does not listen to' ? [] : ['ping'],
    )
    await eventually(dials).toBeGreaterThan(1)

    expect((await readErrors(page))[0]).toBe('silent')
  },
)

/** A stream that says this every 50 ms, and a page that gives it up after 1500 ms of silence. */
async function givenStream(context: TestContext, block: string, names: readonly string[]) {
  let dials = 0
  const server = await startLiveServer(
    () => {},
    ({ url }, response) => {
      if (url !== '/stream') return response.setHeader('content-type', 'text/html').end('<p>A page</p>')
      dials += 1
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const beat = setInterval(() => response.write(block), 50)
      response.once('close', () => clearInterval(beat))
    },
  )
  const page = await newPage(context)
  await page.goto(server.origin)
  await page.addScriptTag({ content: script })
  await page.evaluate((listened) => {
    const { createClient, eventSource } = (globalThis as unknown as Shown).Live
    const shown = Object.assign(globalThis as unknown as Shown, { errors: [] as string[], heard: 0 })
    const client = createClient(eventSource('/stream'), {
      heartbeat: { idle: 1000, timeout: 500 },
      reconnect: { minDelay: 20 },
    })
    client.onError(({ code }) => shown.errors.push(code))
    for (const name of listened) client.on(name, () => (shown.heard += 1))
    client.connect()
  }, names)
  return { page, dials: () => dials }
}

function readErrors(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as Shown).errors)
}

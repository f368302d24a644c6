import { type Browser, launch } from 'puppeteer-core'
import { afterAll, beforeAll, describe, type TestContext, test } from 'vitest'
import { count, startTorture, type TortureOptions, torturing } from '../torture/torture.ts'
import type * as Client from '../torture/tortured-client.ts'
import { chromiumArguments, findChromium } from './chromium.ts'
import { makePageScript } from './page-script.ts'

interface Page {
  readonly Live: typeof Client
}

interface Given {
  readonly kind: keyof typeof Client.receivers
  /** Messages that a link may bring again, which the client then has to drop. Without, it has to ask for exactly the next. */
  readonly overlap: number
}

const given: readonly Given[] = [
  { kind: 'webSocket', overlap: 0 },
  { kind: 'fetchStream', overlap: 50 },
  { kind: 'eventSource', overlap: 50 },
  { kind: 'eventSource, by the browser', overlap: 0 },
]

let browser: Browser
let script = ''
beforeAll(async () => {
  script = await makePageScript('test/torture/tortured-client.ts')
  const executablePath = findChromium()
  // The DevTools domain "Network" is off: with it, streams are several times slower.
  browser = await launch({
    ...(executablePath && { executablePath }),
    args: chromiumArguments,
    pipe: true,
    networkEnabled: false,
  })
})
afterAll(() => browser?.close())

describe.concurrent('in Chromium', torturing, () => {
  test.for(given)(
    '[RS4][RS3][RS2] a stream over a network full of faults arrives complete, in order, once: $kind, overlapping by $overlap',
    async ({ kind, overlap }, context) => {
      const { page, origin, expectAll } = await givenPage(context, { overlap })
      const outcome = await page.evaluate(
        (what, options) => (globalThis as unknown as Page).Live.receiveAll(what, options),
        kind,
        { origin, count, dedupe: 2 * overlap },
      )
      expectAll(`${kind}, in Chromium`, outcome)
    },
  )

  test('what is sent until it is acknowledged arrives complete, in order, once, over a network full of faults', async (context) => {
    const { page, origin, expectTaken } = await givenPage(context, { distance: 110_000 })
    const outcome = await page.evaluate(
      (options) => (globalThis as unknown as Page).Live.postAll('webSocket', options),
      { origin, count },
    )
    expectTaken('posts over webSocket, in Chromium', outcome)
  })
})

/** A page with the client in it. */
async function givenPage(context: TestContext, options: TortureOptions) {
  const torture = await startTorture(context, options)
  const window = await browser.createBrowserContext()
  context.onTestFinished(() => window.close())
  const page = await window.newPage()
  // From the same origin as its streams: to another one, `Last-Event-ID` needs a preflight, and Chromium holds on to one without an
  // answer for as long as the socket lives, whoever has given up the request. After six of them nothing passes any more.
  await page.goto(torture.origin)
  await page.addScriptTag({ content: script })
  torture.begin()
  return { page, ...torture }
}

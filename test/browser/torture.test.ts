import { beforeAll, describe, test } from 'vitest'
import { count, startTorture, torturing } from '../torture/torture.ts'
import type * as Client from '../torture/tortured-client.ts'
import { makePageScript } from './page-script.ts'
import { useBrowser } from './use-browser.ts'

const newPage = useBrowser()

let script = ''
beforeAll(async () => {
  script = await makePageScript('test/torture/tortured-client.ts')
})

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
  { kind: 'eventSource', overlap: 0 },
  { kind: 'eventSource with the reconnect of the browser', overlap: 50 },
]

describe.concurrent('in Chromium', torturing, () => {
  test.for(given)(
    '[RS4][RS3][RS2] a stream over a network full of faults arrives complete, in order, once: $kind, brought again up to $overlap',
    async ({ kind, overlap }, context) => {
      const { origin, page: url, expectAll } = await startTorture(context, { overlap })
      const page = await newPage(context)
      await page.goto(url)
      await page.addScriptTag({ content: script })
      const outcome = await page.evaluate(
        ([what, options]) => (globalThis as unknown as Page).Live.receiveAll(what, options),
        [kind, { origin, count, dedupe: 2 * overlap }] as const,
      )
      expectAll(`${kind} in Chromium`, outcome)
    },
  )

  test('what is sent until it is acknowledged arrives complete, in order, once, over a network full of faults', async (context) => {
    const { origin, page: url, expectTaken } = await startTorture(context, { distance: 110_000 })
    const page = await newPage(context)
    await page.goto(url)
    await page.addScriptTag({ content: script })
    const outcome = await page.evaluate(
      (options) => (globalThis as unknown as Page).Live.postAll('webSocket', options),
      { origin, count },
    )
    expectTaken('posts over webSocket in Chromium', outcome)
  })
})

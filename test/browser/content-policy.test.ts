/** A page whose Content-Security-Policy forbids what it dials. Chromium tells of a forbidden WebSocket by `error` alone. */
import { createServer } from 'node:http'
import { beforeAll, expect, type TestContext, test } from 'vitest'
import type * as Holdfast from '../../src/index.ts'
import { listen } from '../bench/listen.ts'
import { makePageScript } from './page-script.ts'
import { useBrowser } from './use-browser.ts'

const newPage = useBrowser()

let script = ''
beforeAll(async () => {
  script = await makePageScript()
})

test.for(['webSocket', 'eventSource', 'fetchStream'] as const)(
  '[TR5] %s that the policy forbids is unreachable, with a hint, and moves a fallback on',
  async (name, context) => {
    const page = await newPage(context)
    await page.goto(await startServer(context))
    await page.addScriptTag({ content: script })

    const told = await page.evaluate(async (transport) => {
      const { Live } = globalThis as unknown as { readonly Live: typeof Holdfast }
      const codes: string[] = []
      const allowed: Holdfast.Transport = {
        name: 'allowed',
        open(_, observer) {
          queueMicrotask(() => observer.opened())
          return { close() {} }
        },
      }
      const hints: unknown[] = []
      const direct = Live.createClient(Live[transport]('/live'), { openTimeout: 40_000, reconnect: false })
      direct.onError(({ code, hint }) => {
        codes.push(code)
        hints.push(hint)
      })
      direct.connect()
      await direct.opened().catch(() => {})
      const list = Live.createClient(Live.fallback([Live[transport]('/live'), allowed]), { openTimeout: 80_000 })
      list.connect()
      await list.opened()
      return { codes, hints, state: list.state }
    }, name)

    expect(told).toMatchObject({
      codes: ['unreachable'],
      hints: [expect.stringMatching(/console/)],
      state: { status: 'open', transport: 'allowed' },
    })
  },
)

/** A page that may connect to nothing. */
async function startServer(context: TestContext): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-security-policy', "connect-src 'none'")
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>Forbidden</title><link rel="icon" href="data:,">')
  })
  const { url, close } = await listen(server)
  context.onTestFinished(close)
  return url
}

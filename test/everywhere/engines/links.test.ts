import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, type TestContext, test } from 'vitest'
import type { ClientOptions } from '../../../src/index.ts'
import { eventually } from '../../browser/eventually.ts'
import { type LiveServer, startLiveServer } from '../../browser/life/live-server.ts'
import { type Browser, eachEngine } from './each-engine.ts'
import type { Tab } from './engine.ts'
import { readTold, startLink, type TransportName, transports, untilState } from './link-page.ts'

const quick = { reconnect: { minDelay: 100, maxDelay: 200 } }
/** Longer than any test waits. */
const longWait = { reconnect: { minDelay: 600_000, maxDelay: 600_000 } }

eachEngine(['firefox', 'webkit'], (browser, engine) => {
  describe.each(transports)('%s', (transport) => {
    test('[TR4][RT5] opens, and delivers messages in the order of their arrival', async (context) => {
      const { server, tab } = await open(context, browser, transport)

      for (const event of ['hello', 'again', 'hello']) server.tell(event)

      await eventually(async () => (await readTold(tab)).events).toEqual(['hello', 'again', 'hello'])
      expect(await readTold(tab)).toMatchObject({ states: ['connecting', 'open'], codes: [] })
      expect([server.dials.length, server.live]).toEqual([1, 1])
    })

    test('[TR3] closes at once and silently, and the server sees it', async (context) => {
      const { server, tab } = await open(context, browser, transport)

      const status = await tab.run(() => {
        window.link.client.close()
        return window.link.client.state.status
      })

      expect(status).toBe('closed')
      await eventually(() => server.live).toBe(0)
      expect(await readTold(tab)).toEqual({ states: ['connecting', 'open', 'closed'], codes: [], events: [] })
      expect(server.dials.length).toBe(1)
    })

    test('[TR2][CN8] a link that is cut is one error, and one link follows it', async (context) => {
      const { server, tab } = await open(context, browser, transport, quick)

      server.refuse()
      server.accept()
      await eventually(() => server.dials.length).toBe(2)
      await untilState(tab, 'open')
      server.tell('hello')

      await eventually(async () => (await readTold(tab)).events).toEqual(['hello'])
      expect(await readTold(tab)).toMatchObject({
        states: ['connecting', 'open', 'waiting', 'connecting', 'open'],
        codes: ['lost'],
      })
      expect([server.dials.length, server.live]).toEqual([2, 1])
    })

    test('[TR4][TR5] a server that refuses is never open, and is tried again until it accepts', async (context) => {
      const server = await serve(context)
      server.refuse()
      const tab = await start(context, browser, `${server.url}link`, transport, quick)
      // Not dials: a browser may repeat one by itself.
      await eventually(async () => (await readTold(tab)).codes.length).toBeGreaterThan(1)
      const { states, codes } = await readTold(tab)
      expect([...new Set(states)].sort()).toEqual(['connecting', 'waiting'])
      expect([...new Set(codes)]).toEqual(['unreachable'])

      server.accept()
      await untilState(tab, 'open')
      expect(server.live).toBe(1)
    })

    test('[CN9] a server that does not answer runs into the deadline', async (context) => {
      const server = await serve(context)
      server.hang()
      const tab = await start(context, browser, `${server.url}link`, transport, { openTimeout: 300, ...longWait })
      await untilState(tab, 'waiting')

      expect(await readTold(tab)).toEqual({ states: ['connecting', 'waiting'], codes: ['timeout'], events: [] })
    })

    test('[CN4] a restart of the server leaves one link and nothing twice', async (context) => {
      const { server, tab } = await open(context, browser, transport, quick)
      server.tell('hello')
      await eventually(async () => (await readTold(tab)).events).toEqual(['hello'])

      await server.close()
      await untilState(tab, 'waiting')
      const next = await serve(context, server.port)
      await untilState(tab, 'open')
      next.tell('again')

      await eventually(async () => (await readTold(tab)).events).toEqual(['hello', 'again'])
      expect([next.live, next.dials.length]).toEqual([1, 1])
    })
  })

  test('[WS1] webSocket: what a page sends arrives, in order', async (context) => {
    const { server, tab } = await open(context, browser, 'webSocket')

    await tab.run(() => {
      for (const event of ['one', 'two', 'three']) window.link.client.send(event)
    })

    await eventually(() => server.received).toEqual(['one', 'two', 'three'])
  })

  test('[ES3] eventSource: after an HTTP error, where the browser gives up for good, the client goes on', async (context) => {
    const { url, answer, dials } = await serveAnswers(context)
    answer({ status: 500 })
    const tab = await start(context, browser, url, 'eventSource', quick)
    await eventually(() => dials()).toBeGreaterThan(2)

    answer({ status: 200, type: 'text/event-stream', body: 'event: hello\ndata:\n\n' })
    await eventually(async () => (await readTold(tab)).events).toEqual(['hello'])
    expect([...new Set((await readTold(tab)).codes)]).toEqual(['unreachable'])
  })

  test.for([
    ['204', { status: 204 }, 'ended'],
    ['404', { status: 404 }, 'refused'],
    ['a page', { status: 200, type: 'text/html', body: '<p>Sign in</p>' }, 'not-a-stream'],
  ] as const)('[FS2] fetchStream: %s closes the client', async ([, given, code], context) => {
    const { url, answer, dials } = await serveAnswers(context)
    answer(given)
    const tab = await start(context, browser, url, 'fetchStream', quick)
    await untilState(tab, 'closed')

    expect(await readTold(tab)).toMatchObject({ states: ['connecting', 'closed'], codes: [code] })
    expect(dials()).toBe(1)
  })

  test('[TR4] a stream whose server sends its head alone is open, in Firefox only with the first byte of its body', async (context) => {
    const { url, answer } = await serveAnswers(context)
    answer({ status: 200, type: 'text/event-stream' })
    const tab = await start(context, browser, url, 'eventSource', { ...quick, openTimeout: 2000 })
    if (engine === 'firefox') {
      await eventually(async () => (await readTold(tab)).codes).toEqual(['timeout'])
      expect((await readTold(tab)).states).not.toContain('open')
      answer({ status: 200, type: 'text/event-stream', body: ':\n\n' })
    }

    await untilState(tab, 'open')
    expect((await readTold(tab)).codes.length > 0).toBe(engine === 'firefox')
  })
})

async function open(
  context: TestContext,
  browser: Browser,
  transport: TransportName,
  options?: ClientOptions,
): Promise<{ server: LiveServer; tab: Tab }> {
  const server = await serve(context)
  const tab = await start(context, browser, `${server.url}link`, transport, options)
  await untilState(tab, 'open')
  return { server, tab }
}

async function start(
  context: TestContext,
  browser: Browser,
  url: string,
  transport: TransportName,
  options: ClientOptions = {},
): Promise<Tab> {
  const home = await serve(context)
  const tab = await browser.openTab(context, home.url)
  await tab.run(startLink, transport, url, options)
  return tab
}

async function serve(context: TestContext, port?: number): Promise<LiveServer> {
  const server = await startLiveServer(port === undefined ? {} : { port })
  context.onTestFinished(() => server.close())
  return server
}

interface Answer {
  readonly status: number
  readonly type?: string
  readonly body?: string
}

/** A server that answers each request in one way, to pages of any origin, and ends no stream by itself. */
async function serveAnswers(context: TestContext) {
  let given: Answer = { status: 200 }
  let dials = 0
  const server = createServer((_request, response) => {
    dials += 1
    const { status, type, body } = given
    const headers = { 'access-control-allow-origin': '*', ...(type && { 'content-type': type }) }
    response.writeHead(status, headers)
    if (type !== 'text/event-stream') response.end(body)
    else if (body) response.write(body)
    else response.flushHeaders()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`,
    answer: (next: Answer) => {
      given = next
    },
    dials: () => dials,
  }
}

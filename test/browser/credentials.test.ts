import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, type TestContext, test } from 'vitest'
import type * as Cookie from '../../docs/recipes/cookie-session.ts'
import { acceptCookies } from '../../docs/recipes/server/accept-cookies.ts'
import type * as Welcome from '../../docs/recipes/until-welcomed.ts'
import type * as Holdfast from '../../src/index.ts'
import { type LiveServer, startLiveServer } from '../servers/live-server.ts'
import { eventually } from './eventually.ts'
import { makePageScript } from './page-script.ts'
import { openPageWithThirdPartyCookies } from './third-party-cookies.ts'
import { useBrowser } from './use-browser.ts'

const newPage = useBrowser()

/** The recipes and the library, as one script. */
let script = ''
beforeAll(async () => {
  script = await makePageScript('docs/recipes/cookie-session.ts', 'docs/recipes/until-welcomed.ts')
})

/** What the page has as globals, by that script and by `connect`. */
interface Shown {
  readonly Live: typeof Cookie & typeof Welcome & typeof Holdfast
  readonly errors: string[]
  readonly statuses: string[]
}

const anyOrigin: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true })
const lax = 'Path=/; Secure; HttpOnly; SameSite=Lax'
const none = 'Path=/; Secure; HttpOnly; SameSite=None'
const welcome = '{"type":"welcome"}'
const balance = '{"type":"balance","data":"Ana: 7"}'

/** Pages of others to which the browser gives the visitor's cookie: their host, the cookie's attributes, the visitor's browser. */
const hijacks = [
  ['a sibling origin, to which SameSite means nothing,', 'evil.shop.localhost', lax, newPage],
  ['another site, where the cookie says SameSite=None,', 'evil.localhost', none, openPageWithThirdPartyCookies],
] as const

describe('a session in a cookie', () => {
  test('the own page is let in by the cookie that the browser sends', async (context) => {
    const { page, server } = await givenShop(context)
    await connect(page)

    await eventually(() => readStatuses(page)).toEqual(['connecting', 'open'])
    expect(server.dials.map(({ headers }) => [headers.origin, headers.cookie])).toEqual([
      [server.shop, '__Host-session=one'],
    ])
  })

  test('the cookie that the guide recommends is the one that the server’s recipe reads', async (context) => {
    const guide = readFileSync(new URL('../../docs/guides/credentials.md', import.meta.url), 'utf8')
    const [, name, cookie = ''] = /`Set-Cookie: ([\w-]+)=…; (.*?)`/.exec(guide) ?? []
    const { page, server } = await givenShop(context, { cookie })
    await connect(page)

    await eventually(() => readStatuses(page)).toEqual(['connecting', 'open'])
    expect(server.dials.map(({ headers }) => headers.cookie)).toEqual([`${name}=one`])
  })

  test('[HS1] what waits while the server refuses a session goes out once, with the next', async (context) => {
    const { page, server } = await givenShop(context, { dead: ['one'], renewals: [200] })
    await connect(page, 'hello')

    await eventually(() => server.received.length).toBeGreaterThan(0)
    expect(server.received).toEqual(['{"type":"message","data":"hello"}'])
    expect(await readStatuses(page)).toEqual(['connecting', 'connecting', 'open'])
  })

  test('[WS4] a session that the server refuses is renewed, and the next attempt, at once, is let in', async (context) => {
    const { page, server } = await givenShop(context, { dead: ['one'], renewals: [200] })
    await connect(page)

    await eventually(() => readStatuses(page)).toEqual(['connecting', 'connecting', 'open'])
    expect(await readErrors(page)).toEqual(['unauthorized'])
    expect(server.dials.map(({ headers }) => headers.cookie)).toEqual(['__Host-session=one', '__Host-session=renewed'])
  })

  test('[TR6] while it cannot be renewed, the refused one is not brought again', async (context) => {
    const { page, server } = await givenShop(context, { dead: ['one'], renewals: [503, 200] })
    await connect(page)

    await eventually(() => readErrors(page)).toEqual(['unauthorized', 'unreachable'])
    await eventually(async () => (await readStatuses(page)).at(-1)).toBe('open')
    expect(server.dials.map(({ headers }) => headers.cookie)).toEqual(['__Host-session=one', '__Host-session=renewed'])
  })

  test('[WS4] who is signed out is told so, and dials no more', async (context) => {
    const { page, server } = await givenShop(context, { dead: ['one'], renewals: [401] })
    await connect(page)

    await eventually(async () => (await readStatuses(page)).at(-1)).toBe('closed')
    expect(await readErrors(page)).toEqual(['unauthorized', 'unauthorized'])
    expect(server.dials).toHaveLength(1)
  })
})

describe('a page of somebody else’s', () => {
  test.for(hijacks)('%s gets the visitor’s messages where nobody looks at Origin', async (hijack, context) => {
    const [, host, cookie, open] = hijack
    const { page, server } = await givenShop(context, { cookie, origins: anyOrigin, open })
    const seen = await lure(page, server, host)

    expect(seen).toEqual({ opened: true, received: [welcome, balance] })
    expect(server.dials.map(({ headers }) => headers.cookie)).toEqual(['__Host-session=one'])
  })

  test.for(hijacks)('%s is refused by the check of Origin, though the cookie came along', async (hijack, context) => {
    const [, host, cookie, open] = hijack
    const { page, server } = await givenShop(context, { cookie, open })
    const seen = await lure(page, server, host)

    expect(seen).toEqual({ opened: false, received: [], closeCode: 1006 })
    expect(server.dials.map(({ headers }) => [new URL(headers.origin ?? '').hostname, headers.cookie])).toEqual([
      [host, '__Host-session=one'],
    ])
    expect(server.welcomed).toHaveLength(0)
  })

  test.for([
    ['a cookie with SameSite=Lax', lax, openPageWithThirdPartyCookies],
    ['any cookie, where the browser holds those of third parties back', none, newPage],
  ] as const)('a page of another site does not bring %s, and is refused', async ([, cookie, open], context) => {
    const { page, server } = await givenShop(context, { cookie, origins: anyOrigin, open })
    const seen = await lure(page, server, 'evil.localhost')

    expect(seen).toEqual({ opened: true, received: [], closeCode: 4401 })
    expect(server.dials.map(({ headers }) => headers.cookie)).toEqual([undefined])
  })

  test('a page without an origin is refused too', async (context) => {
    const { page, server } = await givenShop(context)
    await page.setContent('<iframe sandbox="allow-scripts" srcdoc="<p>Win a prize</p>"></iframe>')
    await eventually(() => page.frames().length).toBe(2)
    const seen = await page.frames()[1]?.evaluate(dial, server.live)

    expect(seen).toEqual({ opened: false, received: [], closeCode: 1006 })
    expect(server.dials.map(({ headers }) => headers.origin)).toEqual(['null'])
  })
})

interface Shop {
  /** Attributes of the cookie. */
  readonly cookie?: string
  /** Who may come in. By default the own pages. */
  readonly origins?: ReadonlySet<string>
  /** Sessions that the server refuses. */
  readonly dead?: readonly string[]
  /** What it answers to those who want theirs renewed, one after another. */
  readonly renewals?: readonly number[]
  /** Opens the visitor's browser. */
  readonly open?: typeof newPage
}

/** A shop with the recipe for cookies, at a host name of its own, and a page of it, signed in as 'one'. */
async function givenShop(
  context: TestContext,
  { cookie = lax, origins, dead = [], renewals = [], open = newPage }: Shop = {},
) {
  const own = new Set<string>()
  const answers = [...renewals]
  const server = await startLiveServer(
    (http, { welcome }) => {
      const userOf = (session: string) => (session && !dead.includes(session) ? 'Ana' : undefined)
      acceptCookies(http, origins ?? own, userOf, (socket) => {
        welcome(socket)
        socket.send(balance)
      })
    },
    ({ method }, response) => {
      response.setHeader('content-type', 'text/html')
      if (method !== 'POST')
        return response.setHeader('set-cookie', `__Host-session=one; ${cookie}`).end('<p>The shop</p>')
      const status = answers.shift() ?? 500
      if (status === 200) response.setHeader('set-cookie', `__Host-session=renewed; ${cookie}`)
      response.writeHead(status).end()
    },
  )
  const shop = server.origin.replace('127.0.0.1', 'shop.localhost')
  own.add(shop)
  const page = await open(context)
  await page.goto(shop)
  return { page, server: { ...server, shop, live: `${shop.replace('http', 'ws')}/live` } }
}

/** On a page of the shop, with the recipe. */
async function connect(page: Page, ...messages: readonly string[]): Promise<void> {
  await page.addScriptTag({ content: script })
  await page.evaluate((toSend) => {
    const { createClient, cookieSession, untilWelcomed } = (globalThis as unknown as Shown).Live
    const options = { handshake: untilWelcomed, reconnect: { minDelay: 20 } }
    const client = createClient(cookieSession('/live', '/renew'), options)
    const shown = { errors: [] as string[], statuses: [] as string[] }
    Object.assign(globalThis, shown)
    client.onState(({ status }) => shown.statuses.push(status))
    client.onError(({ code }) => shown.errors.push(code))
    for (const message of toSend) client.send('message', message)
    client.connect()
  }, messages)
}

function readStatuses(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as Shown).statuses)
}

function readErrors(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as Shown).errors)
}

/** In the browser of a visitor of the shop, a page at `host` opens a WebSocket to the shop. */
async function lure(page: Page, { live }: { readonly live: string }, host: string) {
  const attacker: LiveServer = await startLiveServer(
    () => {},
    (_, response) => response.setHeader('content-type', 'text/html').end('<p>Win a prize</p>'),
  )
  await page.goto(attacker.origin.replace('127.0.0.1', host))
  return page.evaluate(dial, live)
}

/** Runs in a page: what a bare WebSocket gets until it has a second message, the first of what is its visitor’s, or an end. */
function dial(url: string): Promise<{ opened: boolean; received: unknown[]; closeCode?: number }> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url)
    const received: unknown[] = []
    let opened = false
    socket.onopen = () => {
      opened = true
    }
    socket.onmessage = ({ data }) => {
      if (received.push(data) === 2) resolve({ opened, received })
    }
    socket.onclose = ({ code }) => resolve({ opened, received, closeCode: code })
  })
}

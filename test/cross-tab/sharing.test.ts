import { expect, type TestContext, test, vi } from 'vitest'
import { crossTab } from '../../src/cross-tab/index.ts'
import * as kinds from '../../src/cross-tab/messages.ts'
import { type DuplexTransport, RealtimeError } from '../../src/index.ts'
import { fakeTransport } from '../../src/testing/index.ts'
import { codeThrownBy, payloads, say, waitOf } from '../circumstances.ts'
import { recordLink } from '../contract/recorded-link.ts'
import {
  allBecome,
  becomes,
  givenObservedTabs,
  givenOpenTabs,
  givenOrigin,
  joinChannel,
  messagesArrive,
  numbered,
  type Tab,
  untilWelcome,
  watchObserver,
} from './tabs.ts'

test('[XT1] eight tabs are open over one link', async (context) => {
  const { tabs, transport } = await givenOpenTabs(context, 8)

  expect(tabs.map(({ client }) => client.state)).toMatchObject(tabs.map(() => ({ status: 'open', transport: 'fake' })))
  expect(transport.links).toHaveLength(1)
})

test('[XT2] every tab gets every message once and in order, two equal ones in a row included', async (context) => {
  const { tabs, link } = await givenOpenTabs(context, 3)

  for (const data of [1, 2, 2, 3]) say(link(), 'n', data)

  await becomes(
    () => tabs.map(({ heard }) => heard),
    [
      [1, 2, 2, 3],
      [1, 2, 2, 3],
      [1, 2, 2, 3],
    ],
  )
})

test('[XT2] bytes arrive as bytes', async (context) => {
  const { followers, link } = await givenOpenTabs(context, 2)

  link().receive({ data: new Uint8Array([1, 2, 3]).buffer })

  await becomes(
    () => followers.map(({ heard }) => heard.map((data) => new Uint8Array(data as ArrayBuffer))),
    [[new Uint8Array([1, 2, 3])]],
  )
})

test('[XT2] what a follower sends goes out over the one link, in its order', async (context) => {
  const { followers, link } = await givenOpenTabs(context, 2)

  const answers = [1, 2, 3].map((data) => followers[0]?.client.send('n', data))

  expect(answers).toEqual(['sent', 'sent', 'sent'])
  await becomes(() => payloads(link().sent), [1, 2, 3])
})

test('[XT2] what a follower has sent counts as buffered until the leader has confirmed it', async (context) => {
  const { followers, link } = await givenOpenTabs(context, 2)
  const client = followers[0]?.client

  client?.send('n', 1)

  expect(client?.bufferedAmount).toBe('{"type":"n","data":1}'.length)
  await becomes(() => client?.bufferedAmount, 0)
  expect(link().sent).toHaveLength(1)
})

test('[SQ5] what no leader has confirmed counts once, with a link and without', async (context) => {
  const { followers, channels } = await givenOpenTabs(context, 2)
  const [follower] = followers
  const bytes = '{"type":"n","data":1}'.length
  channels[0]?.hang()

  follower?.client.send('n', 1)
  expect(follower?.client.bufferedAmount).toBe(bytes)
  follower?.environment.freeze()
  expect(follower?.client.bufferedAmount).toBe(bytes)
  follower?.environment.resume()
  expect(follower?.client.bufferedAmount).toBe(bytes)
  channels[0]?.wake()

  await becomes(() => follower?.client.bufferedAmount, 0)
})

test('[SQ5] what no leader has confirmed does not count any more when the client is closed', async (context) => {
  const { followers, channels } = await givenOpenTabs(context, 2)
  const [follower] = followers
  channels[0]?.hang()
  follower?.client.send('n', 1)
  follower?.environment.freeze()

  follower?.client.close()

  expect(follower?.client.bufferedAmount).toBe(0)
})

test('[XT5] the last tab that leaves closes the link', async (context) => {
  const { tabs, transport, live } = await givenOpenTabs(context, 2)

  for (const { client } of tabs) client.close()

  await becomes(live, 0)
  expect(transport.links).toHaveLength(1)
})

test('[XT5] a tab that is closed holds no timer, no listener and no channel', async (context) => {
  const { tabs, channels } = await givenOpenTabs(context, 2)

  for (const { client } of tabs) client.close()

  expect(channels.map(({ isClosed }) => isClosed)).toEqual([true, true])
  expect(tabs.map(({ environment }) => environment.held)).toEqual([0, 0])
})

test('[XT5] a provider that closes the client leaves no link open', async (context) => {
  const { tab, transport } = givenOrigin(context)
  const { open } = transport
  vi.spyOn(transport, 'open').mockImplementation((...request) => {
    client.close()
    return open(...request)
  })

  const { client } = tab()
  await becomes(() => transport.links.length, 1)

  expect(transport.links[0]?.closed).toBe(true)
})

test.for(['navigator', 'BroadcastChannel'])(
  '[XT6] without %s each tab has a link of its own',
  async (missing, context) => {
    const { tab, transport } = givenOrigin(context)
    vi.stubGlobal(missing, undefined)

    const tabs = [tab(), tab()]
    for (const link of transport.links) link.open()

    await allBecome(tabs, 'open')
    expect(transport.links).toHaveLength(2)
  },
)

test('[XT6] where a channel is forbidden each tab has a link of its own', async (context) => {
  const { tab, transport } = givenOrigin(context)
  const forbidden = class {
    constructor() {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
  }
  vi.stubGlobal('BroadcastChannel', forbidden)

  const tabs = [tab(), tab()]
  for (const link of transport.links) link.open()

  await allBecome(tabs, 'open')
  expect(transport.links).toHaveLength(2)
  expect(tabs.flatMap(({ told }) => told.codes)).toEqual([])
})

test('[XT6] where there are no locks no channel is left open', (context) => {
  const { channels, tab } = givenOrigin(context)
  vi.stubGlobal('navigator', {})
  tab()

  expect(channels).toEqual([])
})

test('[XT6] where locks are incomplete each tab has a link of its own', async (context) => {
  const { tab, transport } = givenOrigin(context)
  const { request } = navigator.locks
  vi.stubGlobal('navigator', { locks: { request } })

  tab()

  await becomes(() => transport.links.length, 1)
})

test('[XT6] where locks are forbidden each tab has a link of its own', async (context) => {
  const { tab, transport, link } = givenOrigin(context)
  forbidLocks()
  const one = tab()

  await becomes(() => one.environment.held > 0, true)
  await one.environment.advance(100)
  await becomes(() => transport.links.length, 1)
  link().open()

  await allBecome([one], 'open')
})

test('[XT6] where locks are forbidden two tabs do not take the link from each other', async (context) => {
  const { tab, transport } = givenOrigin(context)
  forbidLocks()
  const tabs = [tab(), tab()]
  await becomes(() => transport.links.length, 2)
  for (const link of transport.links) link.open()
  await allBecome(tabs, 'open')

  for (const { environment } of [...tabs, ...tabs]) await environment.advance(5000)

  expect(transport.links.map(({ closed }) => closed)).toEqual([false, false])
})

test('[XT6] where locks are forbidden a tab copies no message for a channel that nobody hears', async (context) => {
  const { tab, link, transport } = givenOrigin(context)
  forbidLocks()
  const one = tab()
  await becomes(() => transport.links.length, 1)
  link().open()
  await allBecome([one], 'open')
  const post = vi.spyOn(BroadcastChannel.prototype, 'postMessage')
  context.onTestFinished(() => post.mockRestore())

  say(link(), 'n', 1)

  expect(one.heard).toEqual([1])
  expect(post).not.toHaveBeenCalled()
})

test('[XT7] two names have two links, and hear nothing of each other', async (context) => {
  const { tab, transport } = givenOrigin(context)
  const [ann, bob] = [tab({}, 'ann'), tab({}, 'bob')]
  await becomes(() => transport.links.length, 2)
  for (const link of transport.links) link.open()
  await allBecome([ann, bob], 'open')

  transport.links.forEach((link, number) => {
    say(link, 'n', number)
  })

  expect([ann.heard, bob.heard]).toEqual([[0], [1]])
})

test.for([1, 2, 7])(
  '[XT8] %i tabs that are opened at one moment, while the server says nothing, are open at once',
  async (count, context) => {
    const { tab, link } = await givenOpenTabs(context, 1)
    const tabs = Array.from({ length: count }, () => tab())

    await allBecome(tabs, 'open')
    link().receive(numbered(1))
    await becomes(
      () => tabs.map(({ heard }) => heard),
      tabs.map(() => [1]),
    )
  },
)

test('[XT8] tabs that connect, close and connect anew within a tick are open at once', async (context) => {
  const { tab } = await givenOpenTabs(context, 1)
  const tabs = [tab(), tab()]
  for (const { client } of tabs) {
    client.close()
    client.connect()
  }

  await allBecome(tabs, 'open')
})

test('[XT8] a tab that joins late is open at once, and hears what comes from then on', async (context) => {
  const { tab, leader, link, transport } = await givenOpenTabs(context, 1)
  say(link(), 'n', 1)

  const late = tab()
  await allBecome([late], 'open')
  say(link(), 'n', 2)

  await becomes(() => late.heard, [2])
  expect(leader.heard).toEqual([1, 2])
  expect(transport.links).toHaveLength(1)
})

test('[XT8] a tab that joins late is not open before it knows from where on it hears', async (context) => {
  const { channels, leader, name, tab } = await givenOpenTabs(context, 1)
  channels[0]?.hang()
  const late = tab()

  // A leader's word to all, which is no answer to this tab.
  joinChannel(context, name).postMessage([kinds.state, '', 0, leader.environment.now() + 1000, {}, [0, 0, ''], []])
  await messagesArrive(3)

  expect(late.client.state.status).toBe('connecting')
})

test('[XT8] a tab that joins late gets what came before, also where the leader has a word for all meanwhile', async (context) => {
  const { link, observer, tab } = await givenObservedTabs(context, 1, { lastEventId: '5' })
  for (const number of [6, 7, 8]) link().receive(numbered(number))

  const late = tab({ lastEventId: '5' })
  // Its word to all comes before its answer.
  observer().retryAfter(2000)
  await messagesArrive(5)

  expect(late.heard).toEqual([6, 7, 8])
})

test('[LC1] a tab whose link led to this very machine waits, though the page is offline', async (context) => {
  const { leader, link } = await givenOpenTabs(context, 1, {}, { over: toThisMachine })

  leader.environment.setOnline(false)
  link().end()

  expect(leader.client.state.status).toBe('waiting')
})

test('[XT9] the handshake is the leader’s, and the others are open when it is done', async (context) => {
  const { tab, link, live, name } = givenOrigin(context)
  const handshakes: string[] = []
  const greet = (who: string) => ({
    handshake: async ({ next }: { next(event: string): Promise<unknown> }) => {
      handshakes.push(who)
      await next('welcome')
    },
  })
  const leader = tab(greet('leader'))
  await becomes(live, 1)
  const follower = tab(greet('follower'), name)
  link().open()
  await becomes(() => handshakes, ['leader'])
  await messagesArrive(4)
  expect([leader.client.state.status, follower.client.state.status]).toEqual(['connecting', 'connecting'])

  say(link(), 'welcome')

  await allBecome([leader, follower], 'open')
  expect(handshakes).toEqual(['leader'])
})

test('[XT9] the heartbeat is the leader’s', async (context) => {
  const heartbeat = { idle: 1000, timeout: 1000, probe: { event: 'ping' } }
  const { tabs, link } = await givenOpenTabs(context, 2, { heartbeat })

  for (const { environment } of tabs) await environment.advance(1000)

  expect(link().sent).toHaveLength(1)
})

test('[XT11] a fatal end closes all tabs with the same error', async (context) => {
  const { tabs, link } = await givenOpenTabs(context, 3)

  link().end({ closeCode: 1008, closeReason: 'no' })

  await allBecome(tabs, 'closed')
  expect(tabs.map(({ client }) => client.state)).toMatchObject(
    tabs.map(() => ({ error: { code: 'refused', closeCode: 1008, closeReason: 'no', retryable: false } })),
  )
  const [message, ...others] = tabs.map(({ told }) => told.errors[0]?.message)
  expect(others).toEqual([message, message])
})

test('[XT11][BO4] what the server wishes for the next wait holds for all tabs, those that came later included', async (context) => {
  const { tab, transport, link, live } = givenOrigin(context)
  const observer = watchObserver(transport)
  const leader = tab()
  await becomes(live, 1)
  const follower = tab()
  link().open()
  await allBecome([leader, follower], 'open')
  observer().retryAfter(20_000)
  const late = tab()
  await allBecome([late], 'open')

  link().end()

  const tabs = [leader, follower, late]
  await allBecome(tabs, 'waiting')
  // The floor, and half of a fifth of it above.
  expect(tabs.map(waitOf)).toEqual([22_000, 22_000, 22_000])
})

test('[XT11][BO4] what the server takes back of its wish is taken back for all tabs', async (context) => {
  const { tabs, link, observer } = await givenObservedTabs(context, 2)
  observer().retryAfter(20_000)
  observer().retryAfter(0)

  link().end()

  await allBecome(tabs, 'waiting')
  expect(tabs.map(waitOf)).toEqual([600, 600])
})

test('[XT11] an error that holds what no channel takes ends the link of its tab, and the others go on by themselves', async (context) => {
  const { leader, followers, transport, observer } = await givenObservedTabs(context, 2)

  observer().ended(Object.assign(new RealtimeError('refused', 'no'), { answer: () => {} }))

  await allBecome([leader], 'closed')
  expect(leader.client.state).toMatchObject({ error: { code: 'refused', message: 'no' } })
  await becomes(() => transport.links.length, 2)
  transport.links[1]?.open()
  await allBecome(followers, 'open')
})

test('[TR1][XT11] a transport that throws in `open` is a failed try of all tabs that wait for it', async (context) => {
  const cause = new Error('out of order')
  const origin = givenOrigin(context, {
    over: (transport) => ({
      ...transport,
      open() {
        throw cause
      },
    }),
  })
  const tabs = [origin.tab(), origin.tab()] as const

  await allBecome(tabs, 'waiting')
  expect(tabs.map(({ told }) => told.codes)).toEqual([['unreachable'], ['unreachable']])
  expect(tabs[0].told.errors[0]).toMatchObject({ cause })
})

test('[XT1] a link that is opened without a client leads, and is open for the others', async (context) => {
  const origin = givenOrigin(context)
  const attempt = recordLink(crossTab(origin.transport, { name: origin.name }))
  await becomes(() => origin.live(), 1)
  const follower = origin.tab()
  origin.link().open()

  await attempt.opened()
  await allBecome([follower], 'open')
  say(origin.link(), 'n', 1)
  await becomes(() => follower.heard, [1])
  expect([attempt.frames.length, origin.transport.links.length]).toEqual([1, 1])
})

test('[XT11] a lost link is lost for all tabs, each waits, and the first to go on opens the next link for all', async (context) => {
  const { tabs, link, transport } = await givenOpenTabs(context, 3)

  link().end({ closeCode: 1006 })
  await allBecome(tabs, 'waiting')
  expect(transport.links).toHaveLength(1)
  await Promise.all(tabs.map(({ environment }) => environment.advance(600)))
  await becomes(() => transport.links.length, 2)
  link().open()

  await allBecome(tabs, 'open')
  expect(tabs.map(({ told }) => told.codes)).toEqual([['lost'], ['lost'], ['lost']])
  expect(transport.links).toHaveLength(2)
})

test('[XT1] names that only a follower listens to reach the link', async (context) => {
  const { followers, link, tab } = await givenOpenTabs(context, 2)

  followers[0]?.client.on('late', () => {})
  const another = tab()
  another.client.on('later', () => {})

  await becomes(() => ['late', 'later'].filter((name) => link().listened.includes(name)), ['late', 'later'])
})

test('[TR7] what cannot be a name or a timeout throws in the factory', () => {
  const codes = [{ name: '' }, { name: 'a', leaderTimeout: 0 }, {}].map((options) =>
    codeThrownBy(() => crossTab(fakeTransport(), options as { name: string })),
  )

  expect(codes).toEqual(['invalid-config', 'invalid-config', 'invalid-config'])
})

test('[XT2] [HS5] what came behind a reconnect from a listener comes again to a tab that is alone', async (context) => {
  const { leader, link, transport, numbers } = await givenTabsThatReconnect(context, 1)
  await becomes(() => transport.links.length, 2)
  expect(link().request.lastEventId).toBe('2')
  link().open()
  link().receive({ data: '', event: 'welcome' })
  for (const number of [3, 4, 5]) link().receive(numbered(number))

  await becomes(() => numbers(leader), [2, 3, 4, 5])
})

test('[XT2] [HS5] what came behind a reconnect from a listener comes from the tab that leads next', async (context) => {
  const { tabs, link, transport, numbers } = await givenTabsThatReconnect(context, 2)
  await becomes(() => transport.links.length, 2)
  expect(link().request.lastEventId).toBe('4')
  link().open()
  link().receive({ data: '', event: 'welcome' })
  link().receive(numbered(5))

  await becomes(
    () => tabs.map(numbers),
    [
      [2, 3, 4, 5],
      [2, 3, 4, 5],
    ],
  )
})

/** Tabs that wait for a welcome. Behind it, in one chunk, came 2, 3 and 4, and the leader connected anew when it heard 2. */
async function givenTabsThatReconnect(context: TestContext, count: number) {
  const origin = givenOrigin(context)
  const leader = origin.tab({ handshake: untilWelcome })
  leader.client.on('n', (number) => number === 2 && leader.client.reconnect())
  await becomes(() => origin.live(), 1)
  const followers = Array.from({ length: count - 1 }, () => origin.tab({ handshake: untilWelcome }))
  // As an EventSource is asked for names, whoever leads next knows only of its own what has come.
  for (const { client } of followers) client.on('n', () => {})
  await messagesArrive(5)
  origin.link().open()
  origin.link().receive({ data: '', event: 'welcome', id: '1' })
  for (const number of [2, 3, 4]) origin.link().receive(numbered(number))
  return {
    ...origin,
    leader,
    tabs: [leader, ...followers],
    numbers: ({ heard }: Tab) => heard.filter((data) => typeof data === 'number'),
  }
}

test("[XT9][HS1] what the leader's handshake says is as urgent as it is without other tabs", async (context) => {
  const origin = givenOrigin(context)
  const urgent: unknown[] = []
  const { open } = origin.transport
  vi.spyOn(origin.transport, 'open').mockImplementation((...request) => ({
    ...open(...request),
    sendUrgent: (frame) => urgent.push(frame),
  }))
  origin.tab({ handshake: ({ send }) => send('hello', 1) })
  await becomes(() => origin.live(), 1)
  origin.link().open()

  await becomes(() => urgent, ['{"type":"hello","data":1}'])
})

/** As a sandboxed frame has them. */
function forbidLocks(): void {
  const forbidden = () => Promise.reject(new DOMException('no locks here', 'SecurityError'))
  vi.stubGlobal('navigator', { locks: { request: forbidden, query: forbidden } })
}

/** A transport whose links lead to this very machine. */
function toThisMachine(transport: DuplexTransport): DuplexTransport {
  return {
    ...transport,
    open: (request, observer) => ({ ...transport.open(request, observer), isLocal: true }),
  }
}

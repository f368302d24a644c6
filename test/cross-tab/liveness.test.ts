import { expect, test } from 'vitest'
import * as kinds from '../../src/cross-tab/messages.ts'
import { jump } from '../delivery/jump.ts'
import { allBecome, becomes, givenOpenTabs, givenOrigin, joinChannel, numbered, type Tab } from './tabs.ts'

const leaderTimeout = 1000

test('[XT3] a leader that answers is not replaced, however quiet its link is', async (context) => {
  const { followers, tabs, transport } = await givenOpenTabs(context, 2, {}, { leaderTimeout })

  await pass(followers[0], 10 * leaderTimeout)

  expect(transport.links).toHaveLength(1)
  expect(tabs.map(({ client }) => client.state.status)).toEqual(['open', 'open'])
})

test.for([
  { when: 'by and by', grant: queueMicrotask },
  { when: 'within the request, as by Node', grant: (hold: () => void) => hold() },
])(
  '[XT3] a leader that is silent for `leaderTimeout` is replaced, where locks are granted $when',
  async ({ grant }, context) => {
    const options = { leaderTimeout, grant }
    const { channels, followers, leader, transport, link, live } = await givenOpenTabs(context, 2, {}, options)
    channels[0]?.hang()

    await pass(followers[0], leaderTimeout)
    await becomes(() => transport.links.length, 2)
    link().open()

    await allBecome(followers, 'open')
    expect(live()).toBe(1)
    expect(leader.client.state.status).toBe('waiting')
  },
)

test('[XT3] a follower whose environment knows no hidden pages counts as visible', async (context) => {
  const { channels, followers, transport } = await givenOpenTabs(context, 2, {}, { leaderTimeout })
  Object.assign(followers[0]?.environment ?? {}, { isHidden: undefined })
  channels[0]?.hang()

  await pass(followers[0], leaderTimeout)
  await becomes(() => transport.links.length, 2)
})

test.for([
  { isSeen: true, patience: 5000 },
  { isSeen: false, patience: 10_000 },
])(
  '[XT3] without the option `leaderTimeout` a silent leader has $patience ms, where a follower is seen: $isSeen',
  async ({ isSeen, patience }, context) => {
    const { channels, followers, transport } = await givenOpenTabs(context, 2)
    followers[0]?.environment.setVisible(isSeen)
    channels[0]?.hang()

    await pass(followers[0], 0.75 * patience)
    expect(transport.links).toHaveLength(1)
    await pass(followers[0], 0.25 * patience)

    await becomes(() => transport.links.length, 2)
  },
)

test('[XT3] a leader whose dial is over, and whose timers are late, is replaced as one that hangs', async (context) => {
  const origin = givenOrigin(context, { leaderTimeout })
  const leader = origin.tab()
  await becomes(() => origin.live(), 1)
  const follower = origin.tab()
  await pass(follower, 3 * leaderTimeout)
  expect(origin.transport.links).toHaveLength(1)
  jump(leader.environment, 10_001)

  await pass(follower, leaderTimeout)
  await becomes(() => origin.transport.links.length, 2)
  origin.link().open()
  await allBecome([leader, follower], 'open')
  expect(origin.live()).toBe(1)
})

test('[XT3] a leader whose second dial is over, and whose timers are late, is replaced, too', async (context) => {
  const { followers, leader, link, tab, transport } = await givenOpenTabs(context, 2, {}, { leaderTimeout })
  link().receive(numbered(1))
  await becomes(() => followers[0]?.heard, [1])
  await leader.environment.advance(3 * leaderTimeout)
  // The link begins anew for it, and hangs.
  const newcomer = tab({ lastEventId: '0' })
  await becomes(() => transport.links.length, 2)
  jump(leader.environment, 10_001)

  await pass(newcomer, leaderTimeout)
  await becomes(() => transport.links.length, 3)
})

test('[XT8] a tab that asks while the dial of a leader is over hears what comes, if it opens after all', async (context) => {
  const origin = givenOrigin(context)
  const leader = origin.tab({ lastEventId: '5' })
  await becomes(() => origin.live(), 1)
  await messagesToArrive()
  jump(leader.environment, 10_001)
  const newcomer = origin.tab({ lastEventId: '5' })
  await messagesToArrive()
  origin.link().open()
  origin.link().receive(numbered(6))

  await becomes(() => newcomer.heard, [6])
})

test('[XT3] a tab whose dial once hung hears what others have when it leads again', async (context) => {
  const origin = givenOrigin(context, { leaderTimeout })
  const tab = origin.tab()
  await becomes(() => origin.live(), 1)
  const other = origin.tab()
  await pass(other, leaderTimeout)
  jump(tab.environment, 10_001)
  await pass(other, leaderTimeout)
  await becomes(() => origin.transport.links.length, 2)
  origin.link().open()
  await allBecome([tab, other], 'open')
  origin.link().receive(numbered(1))
  await becomes(() => tab.heard, [1])
  // Somebody who is in line for the lock has to answer.
  await allBecome([origin.tab()], 'open')
  origin.channels.at(-1)?.hang()
  const channel = joinChannel(context, origin.name)
  channel.onmessage = ({ data: [kind, at] }) => {
    if (kind !== kinds.claim) return
    const [term, seq, id] = at
    const missed = [term, seq + 1, '2', { data: '2', event: 'n' }]
    channel.postMessage([kinds.ask, 'another', 1, 0, [term, seq + 1, '2'], [], [[term, seq, id, null], missed]])
  }
  other.client.close()

  await becomes(() => tab.heard, [1, 2])
})

test('[XT3] a follower that nobody sees gives a silent leader twice the time', async (context) => {
  const { channels, followers, transport } = await givenOpenTabs(context, 2, {}, { leaderTimeout })
  followers[0]?.environment.setVisible(false)
  channels[0]?.hang()

  await pass(followers[0], leaderTimeout)
  expect(transport.links).toHaveLength(1)
  await pass(followers[0], leaderTimeout + 200)

  await becomes(() => transport.links.length, 2)
})

test.for([0.6, 0.2])(
  '[XT3] a tab whose own patience is %d of `leaderTimeout` replaces a leader that hangs all the same',
  async (share, context) => {
    const { channels, link, tab, transport } = await givenOpenTabs(context, 1, {}, { leaderTimeout })
    channels[0]?.hang()
    const newcomer = tab({ openTimeout: share * leaderTimeout, reconnect: { minDelay: 0 } })

    for (let rest = leaderTimeout; rest > 0 && transport.links.length < 2; rest -= 50) await pass(newcomer, 50)
    link().open()

    await allBecome([newcomer], 'open')
  },
)

test('[XT3] calls of `reconnect()` do not replace a leader that had no time to answer', async (context) => {
  const { followers, tabs, transport } = await givenOpenTabs(context, 2, {}, { leaderTimeout })

  for (let calls = 0; calls < 9; calls += 1) followers[0]?.client.reconnect()

  await allBecome(tabs, 'open')
  expect(transport.links).toHaveLength(1)
})

test('[XT4] a leader that was replaced while it hung follows when it wakes, and has missed nothing', async (context) => {
  const { channels, followers, leader, tabs, transport, link, live } = await givenOpenTabs(
    context,
    2,
    {},
    { leaderTimeout },
  )
  link().receive(numbered(1))
  await becomes(() => followers[0]?.heard, [1])
  channels[0]?.hang()
  await pass(followers[0], leaderTimeout + 200)
  await becomes(() => transport.links.length, 2)
  link().open()
  await allBecome(followers, 'open')
  link().receive(numbered(2))

  channels[0]?.wake()
  await pass(leader, leaderTimeout)

  await allBecome(tabs, 'open')
  await becomes(() => leader.heard, [1, 2])
  expect(live()).toBe(1)
  expect(transport.links).toHaveLength(2)
})

test('[XT3] of two followers that replace a leader at once, one leads', async (context) => {
  const { channels, followers, live, link } = await givenOpenTabs(context, 3, {}, { leaderTimeout })
  channels[0]?.hang()

  await Promise.all(followers.map((tab) => tab.environment.advance(leaderTimeout)))
  await Promise.all(followers.map((tab) => pass(tab, 2 * leaderTimeout)))
  await becomes(live, 1)
  link().open()

  await allBecome(followers, 'open')
  expect(live()).toBe(1)
})

/** Lets time pass for one tab, and in between lets the answers of others arrive. */
async function pass(tab: Tab | undefined, ms: number): Promise<void> {
  for (let rest = ms; rest > 0; rest -= 50) {
    await tab?.environment.advance(Math.min(rest, 50))
    await messagesToArrive()
  }
}

/** Waits until what is on its way over channels has arrived, and what is posted in answer. */
async function messagesToArrive(): Promise<void> {
  for (let hops = 0; hops < 4; hops += 1) await new Promise(setImmediate)
}

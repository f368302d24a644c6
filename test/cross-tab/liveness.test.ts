import { expect, test } from 'vitest'
import { jump } from '../delivery/jump.ts'
import { allBecome, becomes, givenOpenTabs, givenOrigin, numbered, type Tab } from './tabs.ts'

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

test.for([
  { isSeen: true, patience: 5000 },
  { isSeen: false, patience: 10_000 },
])(
  '[XT3] without a `leaderTimeout` it has $patience ms, where a follower is seen: $isSeen',
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

/** Time of one tab, with the time in between that answers need. */
async function pass(tab: Tab | undefined, ms: number): Promise<void> {
  for (let rest = ms; rest > 0; rest -= 50) {
    await tab?.environment.advance(Math.min(rest, 50))
    await messagesToArrive()
  }
}

/** There and back over a channel, after what was on its way. */
async function messagesToArrive(): Promise<void> {
  for (let hops = 0; hops < 4; hops += 1) await new Promise(setImmediate)
}

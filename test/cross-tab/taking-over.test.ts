import { expect, type TestContext, test } from 'vitest'
import type { DuplexTransport, Frame } from '../../src/index.ts'
import type { FakeTransport } from '../../src/testing/index.ts'
import { payloads, say } from '../circumstances.ts'
import { allBecome, becomes, givenOpenTabs, givenOrigin, givenSleeper, numbered, type Tab } from './tabs.ts'

const all = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

test('[XT11] `close()` in the leader’s tab only hands over', async (context) => {
  const { leader, followers, transport, link, live } = await givenOpenTabs(context, 3)

  leader.client.close()
  await becomes(() => transport.links.length, 2)
  expect(live()).toBe(1)
  link().open()

  await allBecome(followers, 'open')
  expect(leader.client.state.status).toBe('closed')
})

test('[XT3] the next leader goes on from its last id, and every tab gets every message once', async (context) => {
  const { leader, followers, transport, link } = await givenOpenTabs(context, 3)
  for (const number of [1, 2, 3]) link().receive(numbered(number))
  await becomes(() => followers.map(({ heard }) => heard.length), [3, 3])

  leader.client.close()
  await becomes(() => transport.links.length, 2)
  expect(link().request.lastEventId).toBe('3')
  link().open()
  await allBecome(followers, 'open')
  for (const number of [4, 5]) link().receive(numbered(number))

  await becomes(() => followers.map(({ heard }) => heard), [all(5), all(5)])
})

test('[XT3] a hand-over is told as aborted, and costs no attempt', async (context) => {
  const { leader, followers, transport, link } = await givenOpenTabs(context, 2, { reconnect: false })

  leader.client.close()
  await becomes(() => transport.links.length, 2)
  link().open()
  await allBecome(followers, 'open')

  expect(followers[0]?.told.codes).toEqual(['aborted'])
  expect(followers[0]?.told.states.slice(1)).toMatchObject([
    { status: 'open' },
    { status: 'waiting', attempt: 1 },
    { status: 'open' },
  ])
})

test('[XT3] the next leader’s link has a deadline of its own', async (context) => {
  const { leader, followers, transport } = await givenOpenTabs(context, 2)
  const [follower] = followers
  await follower?.environment.advance(1000)

  leader.client.close()

  await becomes(() => transport.links.length, 2)
  expect(transport.links[1]?.request.deadline).toBe((follower?.environment.now() ?? 0) + 10_000)
})

test('[XT3] the next leader runs its own handshake', async (context) => {
  const handshakes: number[] = []
  const { leader, transport, link, followers } = await givenOpenTabs(context, 2, {
    handshake: () => {
      handshakes.push(1)
    },
  })

  leader.client.close()
  await becomes(() => transport.links.length, 2)
  link().open()

  await allBecome(followers, 'open')
  expect(handshakes).toHaveLength(2)
})

test('[XT3] a leader that freezes hands over at once', async (context) => {
  const { leader, followers, transport, link } = await givenOpenTabs(context, 2)

  leader.environment.freeze()
  await becomes(() => transport.links.length, 2)
  link().open()

  await allBecome(followers, 'open')
  expect(leader.client.state).toMatchObject({ status: 'suspended', reason: 'frozen' })
})

test('[XT2] what the last leader has not confirmed goes out over the next link', async (context) => {
  const { leader, followers, transport, link } = await givenOpenTabs(context, 2)
  const follower = followers[0]?.client

  follower?.send('n', 1)
  leader.client.close()
  follower?.send('n', 2)
  await becomes(() => transport.links.length, 2)
  link().open()

  await becomes(() => payloads(link().sent), [1, 2])
  expect(follower?.bufferedAmount).toBe(0)
})

test('[XT2] a follower’s unconfirmed message goes out through another next leader', async (context) => {
  const { leader, followers, transport, link } = await givenOpenTabs(context, 3)

  leader.client.close()
  followers[1]?.client.send('n', 1)
  followers[1]?.client.send('n', 2)
  await becomes(() => transport.links.length, 2)
  link().open()

  await becomes(() => payloads(link().sent), [1, 2])
})

test('[XT11] while the lead changes all followers are waiting, and they are open when the next leader is', async (context) => {
  const { leader, followers, transport, tabs, link } = await givenOpenTabs(context, 3)

  leader.client.close()
  await becomes(() => transport.links.length, 2)
  await allBecome(followers, 'waiting')
  link().open()

  await allBecome(followers, 'open')
  expect(tabs.map(({ told }) => told.statuses.at(-1))).toEqual(['closed', 'open', 'open'])
})

test('[XT10] a tab that slept gets what it missed from the leader', async (context) => {
  const { leader, sleeper, transport } = await givenSleeper(context, [2, 3])

  sleeper.environment.resume()

  await becomes(() => sleeper.heard, [1, 2, 3])
  expect(leader.heard).toEqual([1, 2, 3])
  expect(transport.links).toHaveLength(1)
})

test('[XT10] a leader that slept gets what it missed from the next leader', async (context) => {
  const { leader, link, transport, followers } = await givenOpenTabs(context, 2)
  link().receive(numbered(1))
  await becomes(() => followers[0]?.heard, [1])
  leader.environment.freeze()
  await becomes(() => transport.links.length, 2)
  link().open()
  await allBecome(followers, 'open')
  for (const number of [2, 3]) link().receive(numbered(number))

  leader.environment.resume()

  await becomes(() => leader.heard, [1, 2, 3])
  expect(transport.links).toHaveLength(2)
})

test('[XT10] without ids, too, a tab that slept gets what it missed', async (context) => {
  const { followers, link, transport } = await givenOpenTabs(context, 2)
  const sleeper = followers[0]
  say(link(), 'n', 1)
  await becomes(() => sleeper?.heard, [1])
  sleeper?.environment.freeze()
  for (const number of [2, 3]) say(link(), 'n', number)

  sleeper?.environment.resume()

  await becomes(() => sleeper?.heard, [1, 2, 3])
  expect(transport.links).toHaveLength(1)
})

test('[XT10] past what is kept the leader begins anew from the oldest id needed, and the others drop what they had', async (context) => {
  const { followers, leader, link, transport, tabs } = await givenOpenTabs(context, 3)
  const sleeper = followers[0]
  link().receive(numbered(1))
  await becomes(() => sleeper?.heard, [1])
  sleeper?.environment.freeze()
  for (const number of all(1100).slice(1)) link().receive(numbered(number))
  await becomes(() => followers[1]?.heard.length, 1100)

  await leader.environment.advance(5000)
  sleeper?.environment.resume()
  await becomes(() => transport.links.length, 2)
  expect(link().request.lastEventId).toBe('1')
  link().open()
  await allBecome(tabs, 'open')
  for (const number of all(1105).slice(1)) link().receive(numbered(number))

  await becomes(() => sleeper?.heard, all(1105))
  await becomes(() => followers[1]?.heard, all(1105))
  expect(leader.heard).toEqual(all(1105))
})

test.for([
  ['5', ''],
  ['', '5'],
] as const)(
  '[XT10] a tab that leads before it has heard of anything begins where another one is: %j, %j',
  async (lastEventIds, context) => {
    const { channels, link, live, tab, transport } = givenOrigin(context)
    const leader = tab()
    await becomes(live, 1)
    // From here on nobody knows where it is.
    channels[0]?.hang()
    tab()
    for (const lastEventId of lastEventIds) tab({ lastEventId })

    leader.client.close()

    await becomes(() => transport.links.length, 2)
    expect(link().request.lastEventId).toBe('5')
  },
)

test('[XT10] a tab with an id of its own gets what came since', async (context) => {
  const { link, tab, leader } = await givenOpenTabs(context, 1)
  for (const number of [1, 2, 3]) link().receive(numbered(number))

  const late = tab({ lastEventId: '1' })

  await becomes(() => late.heard, [2, 3])
  expect(leader.heard).toEqual([1, 2, 3])
})

test('[SQ2] a link that throws on what a follower sends is lost, and the frame goes over the next one', async (context) => {
  let isFaulty = false
  const { follower, leader, link, tabs, transport } = await givenThrowing(context, () => isFaulty)
  isFaulty = true
  for (const data of [1, 2]) follower.client.send('n', data)
  await allBecome(tabs, 'waiting')
  expect(tabs.map(({ told }) => told.codes)).toEqual([['lost'], ['lost']])

  isFaulty = false
  await leader.environment.advance(1000)
  await becomes(() => transport.links.length, 2)
  await follower.environment.advance(1000)
  link().open()

  await becomes(() => payloads(link().sent), [1, 2])
  await becomes(() => follower.client.bufferedAmount, 0)
})

/** Two tabs over a transport whose links throw, while they do, on everything that is sent. */
async function givenThrowing(context: TestContext, isFaulty: () => boolean) {
  const over = (transport: FakeTransport): DuplexTransport => ({
    ...transport,
    open(request, observer) {
      const link = transport.open(request, observer)
      const send = (frame: Frame) => {
        if (isFaulty()) throw new TypeError('It cannot be sent.')
        link.send?.(frame)
      }
      return { ...link, send }
    },
  })
  const given = await givenOpenTabs(context, 2, {}, { over })
  return { ...given, follower: given.followers[0] as Tab }
}

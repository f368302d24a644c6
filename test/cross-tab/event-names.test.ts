/** A native EventSource hears only the names that it was told: what a tab that sleeps listens for, nobody else may. */
import { expect, test } from 'vitest'
import * as kinds from '../../src/cross-tab/messages.ts'
import { type DuplexTransport, fallback, withUpstream } from '../../src/index.ts'
import {
  allBecome,
  becomes,
  givenOpenTabs,
  joinChannel,
  messagesArrive,
  numbered,
  type OriginOptions,
  type Tab,
} from './tabs.ts'

const named = (number: number) => ({ ...numbered(number), event: 'named' })

test('[XT10] a tab that slept while nobody listened for its names gets what it missed from the server', async (context) => {
  const { sleeper, other, link, transport } = await givenSleepingLeader(context)

  sleeper.environment.resume()
  await becomes(() => transport.links.length, 3)
  expect(link().request.events).toContain('named')
  expect(link().request.lastEventId).toBe('1')
  link().open()
  for (const event of [numbered(2), named(3), numbered(4)]) link().receive(event)

  await becomes(() => sleeper.heard, [1, 2, 3, 4])
  await becomes(() => other.heard, [1, 2, 3, 4])
})

test('[XT10] a tab that is ahead of the leader does not make the leader pass over what it has not had', async (context) => {
  const { leader, link, name, transport } = await givenOpenTabs(context, 1)
  link().receive(numbered(1))
  await becomes(() => leader.heard, [1])

  joinChannel(context, name).postMessage([kinds.ask, 'another', 1, 0, [1, 2, '2'], ['named'], null])
  await becomes(() => link().listened, ['named'])

  expect(transport.links).toHaveLength(1)
})

test('[XT10] a tab that slept gets what it missed also where another tab has come meanwhile that listens for the same', async (context) => {
  const { sleeper, link, tab, transport } = await givenSleepingLeader(context)
  const newcomer = tab()
  newcomer.client.on('named', () => {})
  await becomes(() => link().listened, ['named'])
  link().receive(named(4))
  await becomes(() => newcomer.heard, [4])

  sleeper.environment.resume()
  await becomes(() => transport.links.length, 3)
  expect(link().request.lastEventId).toBe('1')
  link().open()
  for (const event of [numbered(2), named(3), named(4), numbered(5)]) link().receive(event)

  await becomes(() => sleeper.heard, [1, 2, 3, 4, 5])
  await becomes(() => newcomer.heard, [4, 5])
  expect(transport.links).toHaveLength(3)
})

test('[XT10] a tab that slept gets what it missed also where the link has begun anew meanwhile, with all names', async (context) => {
  const { other, sleeper, link, tab, transport } = await givenSleepingLeader(context)
  const newcomer = tab()
  newcomer.client.on('named', () => {})
  await becomes(() => link().listened, ['named'])
  link().end()
  await allBecome([other, newcomer], 'waiting')
  await other.environment.advance(1000)
  await becomes(() => transport.links.length, 3)
  expect(link().request.events).toContain('named')
  link().open()
  await allBecome([other], 'open')

  sleeper.environment.resume()
  await becomes(() => transport.links.length, 4)
  expect(link().request.lastEventId).toBe('1')
  link().open()
  for (const event of [numbered(2), named(3), numbered(4)]) link().receive(event)

  await becomes(() => sleeper.heard, [1, 2, 3, 4])
  await becomes(() => other.heard.at(-1), 4)
})

test('[XT10] whoever dials after a loss listens at once for what the others listen for', async (context) => {
  const { followers, leader, link, tabs, transport } = await givenOpenTabs(context, 2)
  followers[0]?.client.on('named', () => {})
  await becomes(() => link().listened, ['named'])
  link().receive(named(1))
  await becomes(() => followers[0]?.heard, [1])

  link().end()
  await allBecome(tabs, 'waiting')
  await leader.environment.advance(1000)
  await becomes(() => transport.links.length, 2)
  expect(link().request.events).toContain('named')
  link().open()
  await followers[0]?.environment.advance(1000)

  await allBecome(tabs, 'open')
  expect(transport.links).toHaveLength(2)
})

/** As a WebSocket has it. */
const hearsAll = (transport: DuplexTransport): DuplexTransport => ({
  ...transport,
  open(request, observer) {
    const { listen, ...link } = transport.open(request, observer)
    return link
  },
})

test.for([
  ['a transport', hearsAll],
  ['a list', (transport) => fallback([hearsAll(transport)], { storage: false })],
  ['an upstream', (transport) => withUpstream(hearsAll(transport), 'http://fake.test/')],
] satisfies [string, OriginOptions['over']][])(
  '[XT10] where %s hears everything, whatever its name, a tab that slept gets what it missed from the leader',
  async ([, over], context) => {
    const { sleeper, transport } = await givenSleepingLeader(context, { over })

    sleeper.environment.resume()

    await becomes(() => sleeper.heard, [1, 2])
    expect(transport.links).toHaveLength(2)
  },
)

test('[XT10] a name that a tab listens for later changes nothing for the others', async (context) => {
  const { followers, link, transport, leader } = await givenOpenTabs(context, 2)
  link().receive(numbered(1))
  await becomes(() => followers[0]?.heard, [1])

  followers[0]?.client.on('named', () => {})
  await becomes(() => link().listened, ['named'])
  link().receive(named(2))

  await becomes(() => followers[0]?.heard, [1, 2])
  expect(leader.heard).toEqual([1, 2])
  expect(transport.links).toHaveLength(1)
})

test('[XT10] a name that a follower listens for already is not told again', async (context) => {
  const { followers, link, name } = await givenOpenTabs(context, 2)
  const told: unknown[] = []
  joinChannel(context, name).onmessage = ({ data: [kind, , , , , events] }) => kind === kinds.ask && told.push(events)

  for (const event of ['named', 'named', 'other']) followers[0]?.client.on(event, () => {})

  await becomes(() => link().listened, ['named', 'other'])
  expect(told).toEqual([['named'], ['other']])
})

/** The first tab alone listens for `named`. It has heard 1, and sleeps; the second leads, and has heard 2. */
async function givenSleepingLeader(context: Parameters<typeof givenOpenTabs>[0], options?: OriginOptions) {
  const all = await givenOpenTabs(context, 2, {}, options)
  const { leader, followers, link, transport } = all
  const [other] = followers
  if (!other) throw new Error('There is no second tab.')
  leader.client.on('named', () => {})
  link().receive(numbered(1))
  await becomes(() => other.heard, [1])
  leader.environment.freeze()
  await becomes(() => transport.links.length, 2)
  link().open()
  link().receive(numbered(2))
  await becomes(() => other.heard, [1, 2])
  return { ...all, sleeper: leader, other }
}

test('[XT10] a tab that was busy while the lead changed misses nothing of a name that it alone listens for', async (context) => {
  const { channels, followers, leader, link, transport } = await givenOpenTabs(context, 3)
  const [next, busy] = followers as [Tab, Tab]
  busy.client.on('named', () => {})
  await becomes(() => link().listened, ['named'])
  link().receive(numbered(1))
  await becomes(() => [next.heard, busy.heard], [[1], [1]])
  channels[2]?.hang()
  leader.client.close()
  await messagesArrive(5)
  await next.environment.advance(100)
  await becomes(() => transport.links.length, 2)
  expect(link().request.events).not.toContain('named')
  link().open()
  await allBecome([next], 'open')
  // The browser does not tell the second, whose name nobody has asked for.
  link().receive(numbered(3))
  await becomes(() => next.heard, [1, 3])
  channels[2]?.wake()
  await becomes(() => transport.links.length, 3)
  expect(link().request).toMatchObject({ lastEventId: '1', events: expect.arrayContaining(['named']) })
  link().open()
  link().receive({ ...numbered(2), event: 'named' })
  link().receive(numbered(3))

  await becomes(() => busy.heard, [1, 2, 3])
  expect(next.heard).toEqual([1, 3])
})

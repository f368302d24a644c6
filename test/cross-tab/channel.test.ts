import { expect, type TestContext, test } from 'vitest'
import * as kinds from '../../src/cross-tab/messages.ts'
import { say } from '../circumstances.ts'
import { allBecome, becomes, givenOpenTabs, joinChannel, numbered } from './tabs.ts'

const now = 1_700_000_000_000
const frame = { data: '{"type":"n","data":"forged"}' }

test('[XT4] what a leader of an older term says is not heard', async (context) => {
  const { followers, name, link } = await givenOpenTabs(context, 2)
  const channel = listenIn(context, name)
  link().receive(numbered(1))
  await becomes(() => followers[0]?.heard, [1])

  channel.postMessage([kinds.entry, now - 1, 2, '', frame])
  channel.postMessage([kinds.told, now - 1, { code: 'refused', message: '' }, undefined])
  await becomes(() => channel.heard.length > 0, true)
  link().receive(numbered(2))

  await becomes(() => followers[0]?.heard, [1, 2])
})

test('[XT4] a leader that hears of a newer one gives up its link', async (context) => {
  const all = await givenOpenTabs(context, 1)
  const { leader, name } = all
  const channel = listenIn(context, name)

  channel.postMessage([kinds.state, '', 0, now + 1000, null, [0, 0, ''], []])
  await becomes(() => leader.told.codes, ['aborted'])
  await leader.environment.advance(100)

  // Nobody else wants to lead: it does so again, in a newer term.
  await expectLeadAbove(now + 1000, all, channel.heard)
})

test('[XT4] a leader whose clock was set back leads in a term above that which another tab has heard of', async (context) => {
  const all = await givenOpenTabs(context, 1)
  const channel = listenIn(context, all.name)

  channel.postMessage([kinds.ask, 'another', 1, now + 1000, [0, -1, ''], [], null])

  await expectLeadAbove(now + 1000, all, channel.heard)
})

test('[ES1] a tab that follows tells of a new listener its name alone', async (context) => {
  const { followers, name, link } = await givenOpenTabs(context, 2)
  const channel = listenIn(context, name)

  for (const event of ['a', 'b', 'c']) followers[0]?.client.on(event, () => {})

  await becomes(() => link().listened, ['a', 'b', 'c'])
  const told = channel.heard.filter(([kind]) => kind === kinds.ask).map((message) => message[5])
  expect(told).toEqual([['a'], ['b'], ['c']])
})

test.for([
  ['no list', 'hello'],
  ['nothing', null],
  ['a kind that there is not', ['constructor', 1, 2]],
  ['too little', [kinds.entry, now + 1]],
  ['an entry without a frame', [kinds.entry, now + 1, 1, '', { text: 'no data' }]],
  ['an entry whose data is a number', [kinds.entry, now + 1, 1, '', { data: 1 }]],
  ['a list of what are no entries', [kinds.state, '', 0, now + 1, null, [0, 0, ''], [1]]],
  ['names that are none', [kinds.ask, 'somebody', 1, 0, [0, -1, ''], [{}], []]],
  ['a term that is a text', [kinds.state, '', 0, 'last', null, [0, 0, ''], []]],
] as const)('[XT2] junk on the channel is ignored: %s', async ([, junk], context) => {
  const { tabs, name, link, transport } = await givenOpenTabs(context, 2)
  const channel = listenIn(context, name)

  channel.postMessage(junk)
  say(link(), 'n', 1)

  await becomes(() => tabs.map(({ heard }) => heard), [[1], [1]])
  expect(tabs.map(({ told }) => told.errors)).toEqual([[], []])
  expect(transport.links).toHaveLength(1)
})

test('[XT7] tabs of another version are a group of their own', async (context) => {
  const { followers, name, link } = await givenOpenTabs(context, 2)
  const channel = listenIn(context, name, kinds.version + 1)

  channel.postMessage([kinds.entry, now + 1, 1, '', frame])
  say(link(), 'n', 1)

  await becomes(() => followers[0]?.heard, [1])
  expect(channel.heard).toEqual([])
})

test('[XT10] an entry that got lost is asked for', async (context) => {
  const { followers, name, link } = await givenOpenTabs(context, 2)
  const channel = listenIn(context, name)
  link().receive(numbered(1))
  const entries = () => channel.heard.filter(([kind]) => kind === kinds.entry)
  await becomes(() => entries().length, 1)
  const term = Number(entries()[0]?.[1])

  // As if 2 to 4 had not come.
  channel.postMessage([kinds.entry, term, 5, '', frame])
  await becomes(
    () => channel.heard.some(([kind, , , , at]) => kind === kinds.ask && Number((at as number[])[1]) === 1),
    true,
  )
  link().receive(numbered(2))

  await becomes(() => followers[0]?.heard, [1, 2])
})

test('[XT2] a message that is sent twice by its number goes out once', async (context) => {
  const { name, link } = await givenOpenTabs(context, 1)
  const channel = listenIn(context, name)
  channel.postMessage([kinds.ask, 'another', 1, 0, [0, -1, ''], [], []])
  await becomes(() => channel.heard.length, 1)
  const term = channel.heard[0]?.[3]

  for (const count of [1, 1, 2]) channel.postMessage([kinds.send, 'another', term, count, `${count}`, 1])

  await becomes(() => channel.heard.filter(([kind]) => kind === kinds.sent).length, 3)
  expect(link().sent).toEqual(['1', '2'])
})

test('[XT4] what was sent to a leader of an older term does not go out', async (context) => {
  const { name, link } = await givenOpenTabs(context, 1)
  const channel = listenIn(context, name)
  channel.postMessage([kinds.ask, 'another', 1, 0, [0, -1, ''], [], []])
  await becomes(() => channel.heard.length, 1)
  const term = channel.heard[0]?.[3]

  channel.postMessage([kinds.send, 'another', now - 1, 1, 'to the last one', 1])
  channel.postMessage([kinds.send, 'another', term, 1, 'to this one', 1])

  await becomes(() => link().sent, ['to this one'])
})

test('[XT3] what only another tab has heard of the last leader, the next one hears from it', async (context) => {
  const { leader, followers, channels, name } = await givenOpenTabs(context, 3)
  // Another speaks for it, with what this one has not heard.
  channels[2]?.hang()
  const channel = joinChannel(context, name)
  channel.onmessage = ({ data: [kind, at] }) => {
    if (kind !== kinds.claim) return
    const [term, seq, id] = at
    const ahead = [
      [term, seq, id, null],
      [term, seq + 1, '', frame],
    ]
    channel.postMessage([kinds.ask, 'another', 1, 0, [term, seq + 1, id], [], ahead])
  }

  leader.client.close()

  await becomes(() => followers[0]?.heard, ['forged'])
})

test('[XT5] a tab that has always been alone tells nobody of its messages', async (context) => {
  const { leader, name, link, tab } = await givenOpenTabs(context, 1)
  const channel = listenIn(context, name)
  const entries = () => channel.heard.filter(([kind]) => kind === kinds.entry).map(([, , number]) => number)
  link().receive(numbered(1))

  const late = tab()
  await allBecome([late], 'open')
  link().receive(numbered(2))

  await becomes(() => late.heard, [2])
  expect(entries()).toEqual([2])
  expect(leader.heard).toEqual([1, 2])
})

test('[XT10] one that took the lead while another hung is not alone, though that has not answered', async (context) => {
  const { channels, followers, leader, name, link, transport } = await givenOpenTabs(context, 3)
  const channel = listenIn(context, name)
  channels[2]?.hang()
  leader.client.close()
  await followers[0]?.environment.advance(100)
  await becomes(() => transport.links.length, 2)
  link().open()
  link().receive(numbered(1))

  await becomes(() => channel.heard.filter(([kind]) => kind === kinds.entry).length, 1)
  channels[2]?.wake()
  await becomes(() => followers[1]?.heard, [1])
})

test('[XT10] a tab that wakes while the lead is being claimed hears the messages as they come', async (context) => {
  const { channels, followers, leader, name, link, transport } = await givenOpenTabs(context, 3)
  const channel = listenIn(context, name)
  const sleeper = followers[1]
  link().receive(numbered(1))
  await becomes(() => followers.map(({ heard }) => heard), [[1], [1]])
  sleeper?.environment.freeze()
  // It crashes: nobody hears it say goodbye, and the claim waits for its last words.
  channels[0]?.hang()
  leader.client.close()
  await becomes(() => channel.heard.at(-1)?.[0], kinds.claim)
  sleeper?.environment.resume()
  await becomes(() => channel.heard.at(-1)?.[0], kinds.ask)

  await followers[0]?.environment.advance(100)
  await becomes(() => transport.links.length, 2)
  link().open()
  await allBecome(followers, 'open')
  link().receive(numbered(2))

  await becomes(() => sleeper?.heard, [1, 2])
})

test('[XT5] what a tab that crashed has listened for the next leader does not listen for', async (context) => {
  const { followers, leader, name, link, transport } = await givenOpenTabs(context, 2)
  const channel = listenIn(context, name)
  followers[0]?.client.on('kept', () => {})
  channel.postMessage([kinds.ask, 'another', 1, 0, [0, -1, ''], ['gone'], []])
  await becomes(() => link().listened.includes('gone'), true)

  leader.client.close()
  await becomes(() => transport.links.length, 2)

  expect(link().request.events).toEqual(['kept'])
})

/** Another script on the channel of these tabs, with all that it hears. */
function listenIn(context: TestContext, name: string, version = kinds.version) {
  const channel = joinChannel(context, name, version)
  const heard: unknown[][] = []
  channel.onmessage = (event) => {
    heard.push((event as MessageEvent).data)
  }
  return { heard, postMessage: (data: unknown) => channel.postMessage(data) }
}

/** The leader dials once more, in a term of its own just above this one. */
async function expectLeadAbove(
  term: number,
  { leader, link, live, transport }: Awaited<ReturnType<typeof givenOpenTabs>>,
  heard: readonly unknown[][],
): Promise<void> {
  await becomes(() => transport.links.length, 2)
  link().open()
  await allBecome([leader], 'open')
  expect(live()).toBe(1)
  const terms = heard.filter(([kind]) => kind === kinds.state).map(([, , , its]) => Number(its))
  expect(Math.floor(Math.max(...terms))).toBe(term + 1)
}

/** What comes twice, or looks as if it did. */

import { expect, type TestContext, test } from 'vitest'
import * as kinds from '../../src/cross-tab/messages.ts'
import { RealtimeError } from '../../src/index.ts'
import { payloads, say } from '../circumstances.ts'
import {
  allBecome,
  becomes,
  givenObservedTabs,
  givenOpenTabs,
  givenOrigin,
  givenSleeper,
  joinChannel,
  messagesArrive,
  numbered,
  type Tab,
  untilWelcome,
  watchObserver,
} from './tabs.ts'

const leaderTimeout = 1000

test('[XT10] without ids, a leader that was replaced while it hung gets what came since and nothing that it has', async (context) => {
  const { channels, followers, leader, link, tabs, transport } = await givenOpenTabs(context, 2, {}, { leaderTimeout })
  for (const number of [1, 2, 3]) say(link(), 'n', number)
  await becomes(() => followers[0]?.heard, [1, 2, 3])
  channels[0]?.hang()
  say(link(), 'n', 4)
  for (let ticks = 0; ticks < 6; ticks += 1) {
    await followers[0]?.environment.advance(leaderTimeout / 4)
    await arrived()
  }
  await becomes(() => transport.links.length, 2)
  link().open()
  await allBecome(followers, 'open')
  say(link(), 'n', 5)

  channels[0]?.wake()
  await allBecome(tabs, 'open')
  await becomes(() => leader.heard.at(-1), 5)
  expect(leader.heard).toEqual([1, 2, 3, 4, 5])
})

test('[RS3] a tab that has slept while the link changed hears once what the next one begins with', async (context) => {
  const { followers, leader, link, transport } = await givenOpenTabs(context, 3, { dedupe: 10 })
  const [awake, sleeper] = followers as [Tab, Tab]
  say(link(), 'n', 1, '1')
  await becomes(() => sleeper.heard, [1])
  sleeper.environment.freeze()
  say(link(), 'n', 2, '2')
  await becomes(() => awake.heard, [1, 2])
  leader.client.close()
  await becomes(() => transport.links.length, 2)
  link().open()
  for (const number of [2, 3]) say(link(), 'n', number, `${number}`)
  await becomes(() => awake.heard, [1, 2, 3])
  sleeper.environment.resume()

  await becomes(() => sleeper.heard, [1, 2, 3])
})

test('[RS3] tabs that wait for a welcome hear once what the next link begins with', async (context) => {
  const origin = givenOrigin(context)
  const leader = origin.tab({ dedupe: 10, handshake: untilWelcome })
  await becomes(() => origin.live(), 1)
  const followers = [1, 2].map(() => origin.tab({ dedupe: 10, handshake: untilWelcome }))
  await messagesArrive(6)
  origin.link().open()
  say(origin.link(), 'n', 1, '1')
  await becomes(() => followers.map(({ heard }) => heard), [[1], [1]])
  leader.client.close()
  await becomes(() => origin.transport.links.length, 2)
  origin.link().open()
  say(origin.link(), 'n', 1, '1')
  say(origin.link(), 'n', 2, '2')

  await becomes(
    () => followers.map(({ heard }) => heard),
    [
      [1, 2],
      [1, 2],
    ],
  )
})

test('[RS3] comments between two messages of one id make no repetition of the second', async (context) => {
  const { followers, link, observer } = await givenObservedTabs(context, 2, { dedupe: 10 })
  link().receive(numbered(1))
  observer().alive('1')
  link().receive({ data: '2', event: 'n', id: '1' })

  await becomes(() => followers[0]?.heard, [1, 2])
})

test('[XT2] a message that names no id of its own is not taken for the one that did', async (context) => {
  const { followers, link, leader } = await givenOpenTabs(context, 2)
  const follower = followers[0]
  link().receive(numbered(1))
  await becomes(() => follower?.heard, [1])

  follower?.environment.freeze()
  follower?.environment.resume()
  // Before its question is there.
  link().receive({ data: '2', event: 'n', id: '1', isHeld: true })

  await becomes(() => leader.heard, [1, 2])
  await becomes(() => follower?.heard, [1, 2])
})

test('[XT2] what a listener’s `reconnect()` interrupts comes afterwards', async (context) => {
  const { sleeper } = await givenSleeper(context, [2, 3, 4])
  sleeper.client.on('n', (number: number) => {
    if (number === 2) sleeper.client.reconnect()
  })

  sleeper.environment.resume()
  await becomes(() => sleeper.heard.at(-1), 4)

  expect(sleeper.heard).toEqual([1, 2, 3, 4])
})

test('[XT2] what a follower has sent before it slept goes out once', async (context) => {
  const { followers, link } = await givenOpenTabs(context, 2)
  const [follower] = followers

  follower?.client.send('n', 1)
  follower?.environment.freeze()
  await becomes(() => payloads(link().sent), [1])
  follower?.environment.resume()
  await allBecome(followers, 'open')
  follower?.client.send('n', 2)

  await becomes(() => payloads(link().sent).at(-1), 2)
  expect(payloads(link().sent)).toEqual([1, 2])
})

test('[XT2] what a follower sends while the link is away is not overtaken', async (context) => {
  const { channel, interrupt, link, sent, term } = await givenInterruptible(context)

  interrupt()
  channel.postMessage([kinds.send, 'another', term, 1, '1', 1])
  await arrived()
  link().open()
  // It has not heard yet that the link was away. When it has, it sends both again.
  for (const count of [2, 1, 2]) channel.postMessage([kinds.send, 'another', term, count, `${count}`, 1])

  await becomes(() => sent, [1, 2])
  expect(link().sent).toEqual(['1', '2'])
})

test('[XT2] what a leader before has confirmed after all is not waited for', async (context) => {
  const { channel, interrupt, link, sent, term } = await givenInterruptible(context)

  interrupt()
  for (const count of [1, 2, 3]) channel.postMessage([kinds.send, 'another', term, count, `${count}`, 1])
  await arrived()
  link().open()
  // The word on the first two was late.
  channel.postMessage([kinds.send, 'another', term, 3, '3', 3])

  await becomes(() => sent, [3])
  expect(link().sent).toEqual(['3'])
})

test('[XT2] what a follower has sent to the last leader is not overtaken by what it sends before it hears of the next', async (context) => {
  const { name, link } = await givenOpenTabs(context, 1)
  const { channel, term, sent } = await givenAnother(context, name)

  channel.postMessage([kinds.send, 'another', term - 1, 2, '2', 1])
  for (const count of [1, 2]) channel.postMessage([kinds.send, 'another', term, count, `${count}`, 1])

  await becomes(() => sent, [1, 2])
  expect(link().sent).toEqual(['1', '2'])
})

test('[XT2] a tab that only follows confirms nothing', async (context) => {
  const { channels, followers, name } = await givenOpenTabs(context, 2)
  const { channel, term, sent } = await givenAnother(context, name)
  channels[0]?.hang()

  // It has come in between, and then hears the first once more.
  for (const count of [2, 1]) channel.postMessage([kinds.send, 'another', term, count, `${count}`, 1])
  followers[0]?.client.on('late', () => {})
  await arrived()

  expect(sent).toEqual([])
})

test('[XT2] a tab that has led before confirms nothing either', async (context) => {
  const { followers, name } = await givenOpenTabs(context, 2)
  const { channel, term, sent } = await givenAnother(context, name)
  channel.postMessage([kinds.send, 'another', term, 1, '1', 1])
  await becomes(() => sent, [1])

  // The next leader has not heard that this was confirmed.
  channel.postMessage([kinds.state, '', 0, term + 1, {}, [0, 0, ''], []])
  channel.postMessage([kinds.send, 'another', term + 1, 1, '1', 1])
  followers[0]?.client.on('late', () => {})
  await arrived()

  expect(sent).toEqual([1])
})

test('[XT2] what the last leader has not confirmed goes to a next one that was open before this tab heard of it', async (context) => {
  const { channels, followers, name } = await givenOpenTabs(context, 2)
  const { channel, term } = await givenAnother(context, name)
  const sends: unknown[][] = []
  channel.onmessage = ({ data: [kind, , ...send] }) => kind === kinds.send && sends.push(send)
  channels[0]?.hang()
  followers[0]?.client.send('n', 1)

  channel.postMessage([kinds.state, '', 0, term + 1, {}, [0, 0, ''], []])

  const frame = '{"type":"n","data":1}'
  await becomes(
    () => sends,
    [
      [term, 1, frame, 1],
      [term + 1, 1, frame, 1],
    ],
  )
})

test('[XT2] what a listener’s `reconnect()` interrupts comes afterwards, also where this tab leads then', async (context) => {
  const { leader, link, sleeper, transport } = await givenSleeper(context, [2, 3, 4])
  sleeper.client.on('n', (number: number) => {
    if (number !== 2) return
    leader.client.close()
    sleeper.client.reconnect()
  })

  sleeper.environment.resume()
  await becomes(() => transport.links.length, 2)

  expect(sleeper.heard).toEqual([1, 2])
  expect(link().request.lastEventId).toBe('2')
})

test('[XT8] a tab that has led before anything came hears nothing of what others have heard before', async (context) => {
  const { channels, leader, link, tab, transport } = await givenOpenTabs(context, 1, {}, { leaderTimeout })
  for (const number of [1, 2]) say(link(), 'n', number)
  channels[0]?.hang()
  const late = tab()
  for (let ticks = 0; ticks < 6; ticks += 1) {
    await late.environment.advance(leaderTimeout / 4)
    await arrived()
  }
  await becomes(() => transport.links.length, 2)
  link().open()
  await allBecome([late], 'open')

  late.environment.freeze()
  channels[0]?.wake()
  await leader.environment.advance(leaderTimeout / 4)
  await becomes(() => transport.links.length, 3)
  link().open()
  late.environment.resume()
  await allBecome([leader, late], 'open')
  say(link(), 'n', 3)

  await becomes(() => late.heard.at(-1), 3)
  expect(late.heard).toEqual([3])
})

/** A leader whose link can be interrupted, and another tab beside it. */
async function givenInterruptible(context: TestContext) {
  const origin = givenOrigin(context)
  const observer = watchObserver(origin.transport)
  const leader = origin.tab()
  const { link, name } = origin
  await becomes(() => origin.live(), 1)
  link().open()
  await allBecome([leader], 'open')
  return {
    ...(await givenAnother(context, name)),
    link,
    interrupt: () => observer().interrupted(new RealtimeError('lost'), 0),
  }
}

/** Another tab, in the test's hands: it knows the term, and hears what the leader has confirmed. */
async function givenAnother(context: TestContext, name: string) {
  const channel = joinChannel(context, name)
  const sent: number[] = []
  let term = 0
  channel.onmessage = (event) => {
    const [kind, , count, its] = (event as MessageEvent).data
    if (kind === kinds.sent) sent.push(count)
    if (kind === kinds.state) term = its
  }
  channel.postMessage([kinds.ask, 'another', 1, 0, [0, -1, ''], [], null])
  await becomes(() => term > 0, true)
  return { channel, term, sent }
}

/** Whatever was on its way over channels. */
async function arrived(): Promise<void> {
  for (let hops = 0; hops < 4; hops += 1) await new Promise(setImmediate)
}

/** A link that begins again further back, for a tab that has an older id than the leader keeps. */

import { expect, type TestContext, test } from 'vitest'
import * as kinds from '../../src/cross-tab/messages.ts'
import type { ClientOptions, Inbound } from '../../src/index.ts'
import { jump } from '../delivery/jump.ts'
import {
  allBecome,
  becomes,
  givenOpenTabs,
  givenOrigin,
  joinChannel,
  numbered,
  type Tab,
  untilWelcome,
  watchObserver,
} from './tabs.ts'

const leaderTimeout = 1000

test('[XT10] a leader whose last id came without a message drops repetitions until that id comes by', async (context) => {
  const { leader, link, observer, goesBack } = await givenOpenAt(context, [3, 4])
  observer().alive('5')
  const late = await goesBack('2')

  for (const number of [3, 4]) link().receive(numbered(number))
  observer().alive('5')
  link().receive(numbered(6))

  await becomes(() => late.heard, [3, 4, 6])
  expect(leader.heard).toEqual([3, 4, 6])
})

test('[XT10] an id without a message, which only tells how far the repetition is, goes to no tab', async (context) => {
  const { origin, observer, link, goesBack } = await givenOpenAt(context, [3, 4, 5])
  await goesBack('2')
  const channel = joinChannel(context, origin.name)
  const entries: unknown[] = []
  channel.onmessage = ({ data }) => data[0] === kinds.entry && entries.push(data[3])

  for (const number of [3, 4]) {
    link().receive(numbered(number))
    // As a stream does behind every chunk.
    observer().alive(`${number}`)
  }

  await becomes(() => entries.includes('4'), true)
  expect(entries).toEqual(['3', '4'])
})

test('[XT10] where the server does not know the older id any more, the others miss nothing', async (context) => {
  const { origin, leader, link, goesBack } = await givenOpenAt(context, [3, 4, 5])
  const follower = origin.tab()
  await allBecome([follower], 'open')
  await goesBack('2')

  // It goes on with what is new.
  link().receive(numbered(6))
  await leader.environment.advance(11_000)
  link().receive(numbered(7))

  await becomes(() => origin.transport.links.length, 3)
  expect(link().request.lastEventId).toBe('5')
  link().open()
  for (const number of [6, 7, 8]) link().receive(numbered(number))
  await becomes(() => leader.heard, [3, 4, 5, 6, 7, 8])
  await becomes(() => follower.heard, [6, 7, 8])
})

test('[XT10] a link is not given up for an older id before it is open', async (context) => {
  const origin = givenOrigin(context, { leaderTimeout })
  const leader = origin.tab({ lastEventId: '5' })
  await becomes(() => origin.live(), 1)
  await leader.environment.advance(5 * leaderTimeout)
  const channel = joinChannel(context, origin.name)
  const answers: unknown[] = []
  channel.onmessage = ({ data }) => data[0] === kinds.state && answers.push(data)

  origin.tab({ lastEventId: '2' })

  await becomes(() => answers.length > 0, true)
  expect(origin.transport.links).toHaveLength(1)
})

test('[XT10] a leader that has heard nothing yet hears what comes from the older id on, and stays there', async (context) => {
  const { origin, leader, link, goesBack } = await givenOpenAt(context, [])
  const late = await goesBack('2')

  for (const number of [3, 4]) link().receive(numbered(number))
  await leader.environment.advance(5 * leaderTimeout)
  link().receive(numbered(5))

  await becomes(() => late.heard, [3, 4, 5])
  expect(leader.heard).toEqual([3, 4, 5])
  expect(origin.transport.links).toHaveLength(2)
})

test('[XT10] a leader whose page connects anew as its link goes back stays in step with the others', async (context) => {
  const { origin, leader, link } = await givenOpenAt(context, [3, 4, 5])
  const release = leader.client.onState(({ status }) => {
    if (status !== 'waiting') return
    release()
    leader.client.reconnect()
  })
  const late = origin.tab({ lastEventId: '2' })
  await becomes(() => leader.client.state.status === 'connecting' && origin.live(), 1)
  for (const tab of [leader, late]) await tab.environment.advance(2 * leaderTimeout)
  link().open()
  await allBecome([leader, late], 'open')

  for (const number of [3, 4, 5, 6]) link().receive(numbered(number))

  await becomes(() => late.heard.at(-1), 6)
  await becomes(() => leader.heard, [3, 4, 5, 6])
})

test('[XT10] what comes from the older id on may be more than is kept', async (context) => {
  const { link, origin } = await givenOpenAt(context, [3, 4, 5])
  const numbers = Array.from({ length: 1100 }, (_, index) => index + 3)
  const late = origin.tab({ lastEventId: '2' })
  // Before a question about the new link can be answered.
  while (origin.transport.links.length < 2) await new Promise(setImmediate)

  link().open()
  for (const number of numbers) link().receive(numbered(number))

  await becomes(() => late.heard, numbers)
})

test('[XT2] a tab for which the link once went back is not put back with it for another', async (context) => {
  const { late, link } = await givenGoneBackTwice(context)
  await allBecome([late], 'waiting')
  await late.environment.advance(leaderTimeout / 2)
  link().open()
  await allBecome([late], 'open')
  for (const number of [2, 3, 4, 5, 6, 7]) link().receive(numbered(number))

  await becomes(() => late.heard.at(-1), 7)
  expect(late.heard).toEqual([3, 4, 5, 6, 7])
})

test('[XT3] a tab for which the link once went back takes over from its last id, where it has gone back in vain since', async (context) => {
  const { late, leader, link, origin } = await givenGoneBackTwice(context)
  link().open()
  await allBecome([late], 'open')

  // The server does not know that one, and has nothing new.
  await leader.environment.advance(2 * leaderTimeout + 1)
  await late.environment.advance(leaderTimeout / 2)
  await becomes(() => origin.transport.links.length, 4)
  leader.client.close()
  await late.environment.advance(100)

  await becomes(() => origin.live(), 1)
  expect(link().request.lastEventId).toBe('6')
})

test('[XT9] a handshake on a link that goes back hears an answer without an id of its own', async (context) => {
  const welcome = { data: '0', event: 'welcome' }
  const { origin, leader, link, goesBack } = await givenOpenAt(context, [3, 4, 5], { handshake: untilWelcome }, welcome)
  await goesBack('2', { ...welcome, id: '2', isHeld: true })

  expect(leader.client.lastEventId).toBe('5')
  for (const number of [3, 4, 5, 6]) link().receive(numbered(number))

  await becomes(() => leader.heard, [3, 4, 5, 6])
  expect(origin.transport.links).toHaveLength(2)
})

test('[XT10] a leader that leads anew goes back anew for a tab that has got nothing yet', async (context) => {
  const { origin, leader, channel, goesBackAnew } = await givenGoneBack(context)

  const later = leader.environment.now() + 10 * leaderTimeout
  channel.postMessage([kinds.state, '', 0, later, null, [0, 0, ''], []])
  await becomes(() => origin.live(), 0)
  await leader.environment.advance(100)
  await becomes(() => origin.live(), 1)

  await goesBackAnew()
})

test('[XT10] a leader that began anew for a newer term goes back anew for a tab that has got nothing yet', async (context) => {
  const { origin, leader, ask, goesBackAnew } = await givenGoneBack(context)

  ask(leader.environment.now() + 10 * leaderTimeout)
  await becomes(() => origin.transport.links.length, 3)

  await goesBackAnew()
})

test('[XT10] a tab that asks again goes on from what is kept, where the server has sent nothing of what it misses', async (context) => {
  const { leader, link, origin, channel, ask } = await givenGoneBack(context)
  const answers: unknown[] = []
  channel.onmessage = ({ data: [kind, to] }) => kind === kinds.state && to && answers.push(to)
  link().open()
  await leader.environment.advance(2 * leaderTimeout + 1)
  link().receive(numbered(6))
  await becomes(() => origin.transport.links.length, 3)
  link().open()
  await leader.environment.advance(leaderTimeout + 1)

  ask()

  await becomes(() => answers, ['another'])
  expect(origin.transport.links).toHaveLength(3)
})

test('[XT10] a tab that asks while a link that went back in vain is given up has its own turn afterwards', async (context) => {
  const { leader, link, origin, channel } = await givenGoneBack(context)
  const ask = () => channel.postMessage([kinds.ask, 'a third', 1, 0, [-1, -1, '1'], [], null])
  link().open()
  await leader.environment.advance(2 * leaderTimeout + 1)
  ask()
  await becomes(() => origin.transport.links.length, 3)
  expect(link().request.lastEventId).toBe('5')
  link().open()
  await leader.environment.advance(leaderTimeout + 1)

  ask()

  await becomes(() => link().request.lastEventId, '1')
})

test('[XT10] a link that went back has twice the time to say something of it', async (context) => {
  const { leader, link, origin, goesBack } = await givenOpenAt(context, [3, 4, 5])
  await goesBack('2')
  await leader.environment.advance(leaderTimeout + 1)
  link().receive(numbered(3))
  await leader.environment.advance(leaderTimeout + 1)

  expect(origin.transport.links).toHaveLength(2)
  link().receive(numbered(6))
  expect(origin.transport.links).toHaveLength(3)
})

test('[XT10] a link goes back anew for a tab whose own link has ended meanwhile', async (context) => {
  const { leader, link, origin, goesBack } = await givenOpenAt(context, [3, 4, 5])
  const channel = joinChannel(context, origin.name)
  let term = 0
  channel.onmessage = ({ data }) => {
    if (data[0] === kinds.state) term = data[3]
  }
  const late = await goesBack('2')

  channel.postMessage([kinds.told, term, { code: 'lost', message: '' }, undefined])
  await allBecome([late], 'waiting')
  for (let number = 3; number < 1100; number += 1) link().receive(numbered(number))
  await leader.environment.advance(2 * leaderTimeout + 1)
  await late.environment.advance(1000)

  await becomes(() => origin.transport.links.length, 3)
  expect(link().request.lastEventId).toBe('2')
})

test('[XT10] a tab with an id of its own is not taken for one that is behind everything kept', async (context) => {
  const { channels, followers, leader, link, name, tab, transport } = await givenOpenTabs(
    context,
    2,
    {},
    { leaderTimeout },
  )
  const [follower] = followers
  const channel = joinChannel(context, name)
  channel.onmessage = ({ data: [kind, from, question, term] }) => {
    // A leader that has not found its id says so, where its own link begins with an id that it was given.
    if (kind === kinds.ask)
      channel.postMessage([kinds.state, from, question, term, {}, [0, -1, ''], [[term, 0, '5', null]]])
  }
  channels[0]?.hang()
  follower?.client.on('late', () => {})
  await becomes(() => follower?.client.lastEventId, '5')
  channel.close()
  leader.client.close()
  await follower?.environment.advance(100)
  await becomes(() => transport.links.length, 2)
  link().open()
  await allBecome(followers, 'open')
  await follower?.environment.advance(leaderTimeout + 1)

  tab({ lastEventId: '3' })

  await becomes(() => link().request.lastEventId, '3')
})

test('[XT10] a leader whose clock was set back goes back all the same', async (context) => {
  const { goesBack, link, leader } = await givenOpenAt(context, [3, 4, 5])
  jump(leader.environment, -3_600_000)

  const late = await goesBack('2')

  for (const number of [3, 4, 5, 6]) link().receive(numbered(number))
  await becomes(() => late.heard, [3, 4, 5, 6])
  expect(leader.heard).toEqual([3, 4, 5, 6])
})

/** A leader whose link has gone back for a tab that has asked once and got nothing yet. `goesBackAnew` has the tab ask again once the link is another. */
async function givenGoneBack(context: TestContext) {
  const given = await givenOpenAt(context, [3, 4, 5])
  const { leader, link, origin } = given
  const channel = joinChannel(context, origin.name)
  const ask = (newest = 0) => channel.postMessage([kinds.ask, 'another', 1, newest, [-1, -1, '2'], [], null])
  ask()
  await becomes(() => origin.transport.links.length, 2)

  return {
    ...given,
    ...{ channel, ask },
    async goesBackAnew() {
      expect(link().request.lastEventId).toBe('5')
      link().open()
      await leader.environment.advance(2 * leaderTimeout + 1)
      ask()
      await becomes(() => link().request.lastEventId, '2')
    },
  }
}

/** A leader whose link went back for a tab. Both are at 6 by now, and the leader dials from further back for another tab. */
async function givenGoneBackTwice(context: TestContext) {
  const given = await givenOpenAt(context, [3, 4, 5])
  const { leader, link, origin, goesBack } = given
  const late = await goesBack('2')
  for (const number of [3, 4, 5, 6]) link().receive(numbered(number))
  await becomes(() => late.heard, [3, 4, 5, 6])
  await leader.environment.advance(2 * leaderTimeout + 1)
  origin.tab({ lastEventId: '1' })
  await becomes(() => origin.transport.links.length, 3)
  return { ...given, late }
}

/** A leader that has heard these. `goesBack` opens its link again from an older id, for a tab that comes with that id. */
async function givenOpenAt(
  context: TestContext,
  numbers: readonly number[],
  options: ClientOptions = {},
  welcome?: Inbound,
) {
  const origin = givenOrigin(context, { leaderTimeout })
  const observer = watchObserver(origin.transport)
  const leader = origin.tab(options)
  await becomes(() => origin.live(), 1)
  const { link } = origin
  link().open()
  if (welcome) link().receive(welcome)
  for (const number of numbers) link().receive(numbered(number))
  await leader.environment.advance(leaderTimeout + 1)

  return {
    origin,
    leader,
    link,
    observer,
    async goesBack(lastEventId: string, answer?: Inbound): Promise<Tab> {
      const late = origin.tab({ lastEventId })
      await becomes(() => origin.transport.links.length, 2)
      expect(link().request.lastEventId).toBe(lastEventId)
      link().open()
      if (answer) link().receive(answer)
      await allBecome([leader, late], 'open')
      return late
    },
  }
}

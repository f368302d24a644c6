/** Tabs over an upstream, whose link takes one message at a time. */
import { expect, type TestContext, test } from 'vitest'
import { type ClientOptions, fallback, RealtimeError, withUpstream } from '../../src/index.ts'
import { fakeTransport } from '../../src/testing/index.ts'
import { newest, payloads, say } from '../circumstances.ts'
import { fakeFetch } from '../fakes/fake-fetch.ts'
import { payload } from '../transports/posting.ts'
import {
  allBecome,
  becomes,
  givenObservedTabs,
  givenOpenTabs,
  givenOrigin,
  messagesArrive,
  numbered,
  type Tab,
} from './tabs.ts'

test('[XT2] [UP1] what a follower sends waits for what is under way, and until then nobody has taken it', async (context) => {
  const { answer, posted, follower } = await givenPostingTabs(context)

  expect([1, 2].map((data) => follower.client.send('n', data))).toEqual(['sent', 'queued'])

  await becomes(posted, [1])
  expect(follower.client.bufferedAmount).toBe(2 * bytes)
  answer()
  await becomes(posted, [1, 2])
  await becomes(() => follower.client.bufferedAmount, bytes)
  answer()
  await becomes(() => follower.client.bufferedAmount, 0)
})

test('[UP1] [SQ3] a follower is bounded as the leader is: by its own queue, and without what is volatile', async (context) => {
  const { follower, posted } = await givenPostingTabs(context, 2, { queue: { maxMessages: 1 } })

  expect([1, 2].map((data) => follower.client.send('n', data))).toEqual(['sent', 'queued'])

  expect(() => follower.client.send('n', 3)).toThrow(expect.objectContaining({ code: 'queue-full' }))
  expect(follower.client.send('n', 4, { volatile: true })).toBe('dropped')
  await becomes(posted, [1])
})

test('[XT2] over what takes any number at once, a follower sends any number', async (context) => {
  const upstream = withUpstream(fakeTransport({ duplex: false }), 'http://fake.test/up')
  const { followers, link } = await givenOpenTabs(
    context,
    2,
    {},
    { over: (transport) => fallback([transport, upstream], { storage: false }) },
  )

  expect([1, 2, 3].map((data) => followers[0]?.client.send('n', data))).toEqual(['sent', 'sent', 'sent'])

  await becomes(() => payloads(link().sent), [1, 2, 3])
})

test('[XT2] [UP1] what has no answer when its leader leaves goes out through the next one, and what waits behind it', async (context) => {
  const { answer, posted, follower, leader, link, transport } = await givenPostingTabs(context)
  for (const data of [1, 2, 3]) follower.client.send('n', data)
  await becomes(posted, [1])

  leader.client.close()
  await becomes(() => transport.links.length, 2)
  link().open()
  for (const sent of [2, 3, 4]) {
    await becomes(() => posted().length, sent)
    answer()
  }

  expect(posted()).toEqual([1, 1, 2, 3])
})

test('[XT2] [UP1] what is under way is not taken because its link is interrupted', async (context) => {
  const { answer, posted, followers, observer, tabs } = await givenPostingTabs(context, 3)
  const [follower, other] = followers as [Tab, Tab]
  follower.client.send('n', 1)
  await becomes(posted, [1])

  observer().interrupted(new RealtimeError('lost'), 0)
  expect(other.client.send('n', 2)).toBe('sent')
  await allBecome(tabs, 'waiting')
  observer().opened()
  await allBecome(tabs, 'open')

  expect(follower.client.bufferedAmount).toBe(bytes)
  answer()
  await becomes(() => follower.client.bufferedAmount, 0)
  await becomes(posted, [1, 2])
  answer()
  await becomes(() => other.client.bufferedAmount, 0)
})

test('[UP1] a tab that leads and one that follows post by turns', async (context) => {
  const { answer, posted, follower, leader } = await givenPostingTabs(context)
  for (const data of [1, 2, 3]) leader.client.send('n', `leader ${data}`)
  for (const data of [1, 2, 3]) follower.client.send('n', `follower ${data}`)
  await becomes(() => posted().length, 1)

  for (let sent = 2; sent <= 6; sent += 1) {
    // The follower's next one is with the leader when that has its answer.
    await messagesArrive(3)
    answer()
    await becomes(() => posted().length, sent)
  }

  expect(posted()).toEqual([1, 2, 3].flatMap((data) => [`leader ${data}`, `follower ${data}`]))
})

test('[SQ5] [UP1] what a follower has sent is taken when it has its answer, and not when the leader’s next message has', async (context) => {
  const { answer, posted, follower, leader, link, transport } = await givenPostingTabs(context)
  follower.client.send('n', 'follower')
  await becomes(posted, ['follower'])
  leader.client.send('n', 'leader')
  answer()
  await becomes(posted, ['follower', 'leader'])
  await becomes(() => follower.client.bufferedAmount, 0)

  leader.client.close()
  await becomes(() => transport.links.length, 2)
  link().open()
  await allBecome([follower], 'open')
  follower.client.send('n', 'later')

  await becomes(posted, ['follower', 'leader', 'later'])
})

test('[UP1] what is under way when the link is lost is not posted again, where the same tab leads', async (context) => {
  const { answer, posted, follower, leader, link, tabs, transport } = await givenPostingTabs(context)
  follower.client.send('n', 1)
  await becomes(posted, [1])
  link().end()
  await allBecome(tabs, 'waiting')
  await leader.environment.advance(1000)
  await becomes(() => transport.links.length, 2)
  await follower.environment.advance(1000)
  link().open()
  await allBecome(tabs, 'open')

  answer()
  await becomes(() => follower.client.bufferedAmount, 0)
  follower.client.send('n', 2)
  await becomes(posted, [1, 2])
})

test('[XT2] [UP1] what waits with a leader whose link has ended goes out through the next one, and once', async (context) => {
  const { answer, posted, follower, leader, link, tabs, transport } = await givenPostingTabs(context)
  leader.client.send('n', 'leader')
  await becomes(posted, ['leader'])
  follower.client.send('n', 'follower')
  await messagesArrive(3)
  link().end()
  await allBecome(tabs, 'waiting')
  answer()
  await messagesArrive(5)
  expect(posted()).toEqual(['leader'])
  await follower.environment.advance(1000)
  await becomes(() => transport.links.length, 2)
  link().open()

  await becomes(posted, ['leader', 'follower'])
  answer()
  await becomes(() => follower.client.bufferedAmount, 0)
})

test('[UP1] [XT10] what is under way when the link begins anew for a tab that slept is not posted again', async (context) => {
  const { answer, posted, followers, leader, link, transport } = await givenPostingTabs(context, 3)
  const [follower, sleeper] = followers as [Tab, Tab]
  link().receive(numbered(1))
  await becomes(() => sleeper.heard, [1])
  sleeper.environment.freeze()
  for (let number = 2; number < 1200; number += 1) link().receive(numbered(number))
  await becomes(() => follower.heard.length, 1199)
  await leader.environment.advance(6000)
  follower.client.send('n', 'a')
  await becomes(posted, ['a'])
  sleeper.environment.resume()
  await becomes(() => transport.links.length, 2)
  link().open()
  await allBecome([leader, follower], 'open')

  answer()
  await becomes(() => follower.client.bufferedAmount, 0)
  follower.client.send('n', 'b')
  await becomes(posted, ['a', 'b'])
})

test('[UP2] what a tab that has led has still to repeat goes when the link of the next leader opens', async (context) => {
  const { answer, posted, follower, leader, link, tabs, transport } = await givenPostingTabs(context)
  leader.client.send('n', 1)
  // Until the wait is longer than that for a link.
  for (let tries = 1; tries <= 5; tries += 1) {
    await becomes(() => posted().length, tries)
    answer(503)
    await becomes(() => leader.told.codes.length, tries)
    if (tries < 5) await leader.environment.advance(10_000)
  }
  link().end()
  await allBecome(tabs, 'waiting')
  await follower.environment.advance(1000)
  await becomes(() => transport.links.length, 2)
  await leader.environment.advance(1000)
  expect(posted()).toHaveLength(5)
  link().open()

  await becomes(() => posted().length, 6)
})

test('[UP1] what a tab has under way since it led goes before what it sends through the next leader', async (context) => {
  const { answer, posted, follower, leader, link, tabs, transport } = await givenPostingTabs(context)
  leader.client.send('n', 1)
  await becomes(posted, [1])
  leader.environment.freeze()
  await becomes(() => transport.links.length, 2)
  link().open()
  await allBecome([follower], 'open')
  leader.environment.resume()
  await allBecome(tabs, 'open')

  expect(leader.client.send('n', 2)).toBe('queued')
  expect(leader.client.bufferedAmount).toBe(2 * bytes)
  answer()

  await becomes(posted, [1, 2])
  answer()
  await becomes(() => leader.client.bufferedAmount, 0)
})

test('[HS4] what a handshake says over a link that has just ended is not for the next one', async (context) => {
  const { fetch, requests } = fakeFetch()
  const origin = givenOrigin(context, {
    over: (transport) => withUpstream(transport, 'http://fake.test/up', { fetch }),
  })
  let links = 0
  const { client, environment } = origin.tab({
    async handshake({ next, send }) {
      links += 1
      await next('welcome')
      await undefined
      send('n', links)
    },
  })
  await becomes(() => origin.live(), 1)
  origin.link().open()

  say(origin.link(), 'welcome')
  origin.link().end()
  await becomes(() => client.state.status, 'waiting')
  await becomes(() => requests.map(payload), [1])
  newest(requests).answer(204)
  await environment.advance(30_000)
  await becomes(() => origin.live(), 1)
  origin.link().open()
  say(origin.link(), 'welcome')
  await becomes(() => client.state.status, 'open')

  await becomes(() => requests.map(payload), [1, 2])
  newest(requests).answer(204)
  await becomes(() => client.bufferedAmount, 0)
})

const bytes = '{"type":"n","data":1}'.length

/** So many tabs, open. */
async function givenPostingTabs(context: TestContext, count = 2, options: ClientOptions = {}) {
  const { fetch, requests } = fakeFetch()
  const all = await givenObservedTabs(context, count, options, (transport) =>
    withUpstream(transport, 'http://fake.test/up', { fetch }),
  )
  return {
    ...all,
    follower: all.followers[0] as Tab,
    posted: () => requests.map(payload),
    answer: (status = 204) => newest(requests).answer(status),
  }
}

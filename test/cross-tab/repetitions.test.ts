/** What comes twice, or looks as if it did. */
import { expect, test } from 'vitest'
import { payloads, say } from '../circumstances.ts'
import { allBecome, becomes, givenOpenTabs, numbered } from './tabs.ts'

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
  const { followers, link } = await givenOpenTabs(context, 2)
  const follower = followers[0]
  link().receive(numbered(1))
  await becomes(() => follower?.heard, [1])
  follower?.environment.freeze()
  for (const number of [2, 3, 4]) link().receive(numbered(number))
  follower?.client.on('n', (number: number) => {
    if (number === 2) follower.client.reconnect()
  })

  follower?.environment.resume()
  await becomes(() => follower?.heard.at(-1), 4)

  expect(follower?.heard).toEqual([1, 2, 3, 4])
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
  const { leader, name, tab, link, transport } = await givenOpenTabs(context, 1, {}, { leaderTimeout })
  const channel = new BroadcastChannel(`holdfast/1/${name}`)
  context.onTestFinished(() => channel.close())
  const sent: unknown[] = []
  channel.onmessage = ({ data }) => data[0] === 'sent' && sent.push(data[2])
  channel.postMessage(['ask', 'another', 1, 0, [0, -1, ''], [], []])
  link().receive(numbered(5))
  await leader.environment.advance(leaderTimeout + 1)
  tab({ lastEventId: '2' })
  await becomes(() => transport.links.length, 2)

  channel.postMessage(['send', 'another', 1, '1'])
  await arrived()
  link().open()
  // It has not heard yet that the link was away. When it has, it sends both again.
  for (const count of [2, 1, 2]) channel.postMessage(['send', 'another', count, `${count}`])

  await becomes(() => sent, [1, 2])
  expect(link().sent).toEqual(['1', '2'])
})

test('[XT2] from a claim on a follower sends nothing until there is a leader', async (context) => {
  const { followers, link, name } = await givenOpenTabs(context, 2)
  const client = followers[0]?.client
  const channel = new BroadcastChannel(`holdfast/1/${name}`)
  context.onTestFinished(() => channel.close())
  const answers: (string | undefined)[] = []
  channel.onmessage = ({ data }) => data[0] === 'ask' && answers.push(client?.send('n', 1))

  channel.postMessage(['claim', [0, -1, '']])

  await becomes(() => answers, ['queued'])
  await becomes(() => payloads(link().sent), [1])
})

/** Whatever was on its way over channels. */
async function arrived(): Promise<void> {
  for (let hops = 0; hops < 4; hops += 1) await new Promise(setImmediate)
}

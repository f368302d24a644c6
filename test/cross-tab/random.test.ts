/** Tabs that come, go, crash, sleep, hang and send in random order while numbered messages flow, over a server that resumes. */
import { expect, test } from 'vitest'
import { fallback, withUpstream } from '../../src/index.ts'
import { seeded } from '../circumstances.ts'
import { type RandomServer, randomServer } from './random-server.ts'
import { type Host, hearing, type RandomTab, type TestScope, tabOpener } from './random-tabs.ts'
import { becomes, messagesArrive } from './tabs.ts'

const posting = ({ transport, takePost }: RandomServer, host: Host) =>
  withUpstream(hearing(transport, host), 'http://fake.test/up', {
    fetch: (_url, init) => takePost(init ?? {}, host.whenAwake),
  })

const linking = ({ transport }: RandomServer, host: Host) => hearing(transport, host)

/** What tabs send over, the id of its rule, and whether the server greets, which a handshake waits for. */
const ways = {
  'a link': ['[XT2]', linking, false],
  'a link that greets': ['[HS5]', linking, true],
  'an upstream': ['[UP1]', posting, false],
  'a list': [
    '[FB1]',
    (server: RandomServer, host: Host) =>
      fallback([hearing(server.blockable, host), posting(server, host)], { storage: false, rememberFor: 2000 }),
    false,
  ],
} as const

const runs = Number(process.env.HOLDFAST_MODEL_RUNS ?? 7)
const cases = Object.entries(ways).flatMap(([name, [rule, way, greets]]) =>
  Array.from({ length: runs }, (_, run) => ({ name, rule, way, greets, seed: run + 1 })),
)

test.for(cases)(
  '$rule [XT3] [XT10] nobody misses or repeats a message, and what is sent over $name arrives in its order, whatever becomes of tabs and links (seed $seed)',
  async ({ way, greets, seed }, context) => {
    const random = seeded(seed * 7919)
    const server = randomServer(random, greets)
    let isCalm = false
    const open = tabOpener(
      forgetful(context),
      (host) => way(server, host),
      (tab) => isCalm || random() > 0.02 || meddle(tab, random()),
      // What comes behind an answer that it waits for, in the same task, the tabs hear later.
      greets ? { handshake: async ({ next }) => void (await next('hello')) } : {},
    )
    const tabs = [open(), open(), open()]
    const gone: RandomTab[] = []

    for (let turn = 0; turn < 60; turn += 1) {
      server.say(Math.floor(random() * 4))
      befall(tabs, gone, random, open)
      if (random() < 0.15) server.fail()
      server.goOn()
      for (const tab of tabs) if (tab.state === 'awake' && random() < 0.3) tab.send()
      for (const tab of tabs) if (tab.state === 'awake') await tab.environment.advance(random() * 400)
      await messagesArrive(3)
    }

    isCalm = true
    for (const tab of tabs) tab.wake(random() < 0.5)
    server.calm()
    for (let turn = 0; turn < 60; turn += 1) {
      server.say(1)
      for (const tab of tabs) await tab.environment.advance(1000)
      await messagesArrive(3)
    }
    for (const tab of tabs) tab.send()

    await becomes(
      () => tabs.map(({ heard, name }) => [heard.at(-1), server.heardOf(name).at(-1)]),
      tabs.map(({ sent }) => [server.last(), sent]),
    )
    expect(tabs.map(({ heard }) => breaksIn(heard))).toEqual(tabs.map(() => []))
    expect(server.live()).toBe(1)
    for (const { name, sent, hasDropped } of tabs)
      if (!hasDropped) expect(server.heardOf(name)).toEqual(Array.from({ length: sent }, (_, index) => index + 1))
    await becomes(
      () => tabs.map(({ client }) => [client.state.status, client.bufferedAmount]),
      tabs.map(() => ['open', 0]),
    )

    // While nothing is wrong and nothing is said, who comes need not wait for any timer.
    for (const { client, environment } of tabs) {
      const act = random()
      if (act < 0.3) {
        client.close()
        client.connect()
      } else if (act < 0.5) client.reconnect()
      else if (act < 0.7) environment.freeze()
    }
    tabs.push(open(), open(), open())
    for (const { environment } of tabs) environment.resume()
    await becomes(
      () => tabs.map(({ client }) => client.state.status),
      tabs.map(() => 'open'),
    )

    for (const { client } of tabs) client.close()
    await messagesArrive(3)
    expect([...tabs, ...gone].map(({ environment }) => environment.held)).toEqual([...tabs, ...gone].map(() => 0))
    expect(server.live()).toBe(0)
  },
)

/** What becomes of a tab. */
function befall(tabs: RandomTab[], gone: RandomTab[], random: () => number, open: () => RandomTab): void {
  const tab = tabs[Math.floor(random() * tabs.length)] as RandomTab
  const isAwake = tab.state === 'awake'
  const act = random()
  if (act < 0.1) tabs.push(open())
  else if (act < 0.2 && tabs.length > 2) {
    tabs.splice(tabs.indexOf(tab), 1)
    if (act < 0.15) tab.crash()
    else {
      tab.state = 'closed'
      tab.client.close()
      gone.push(tab)
    }
  } else if (act < 0.45) {
    if (!isAwake) return tab.wake(random() < 0.5)
    tab.environment.freeze()
    tab.state = 'frozen'
  } else if (act < 0.55) {
    if (tab.state === 'hung') tab.wake(random() < 0.5)
    else if (isAwake && tabs.filter(({ state }) => state === 'awake').length > 1) tab.hang()
  }
}

/** What its listeners do to the client that calls them. */
function meddle(tab: RandomTab, act: number): void {
  const { client } = tab
  if (tab.state !== 'awake') return
  if (act < 0.3) client.reconnect()
  else if (act < 0.5) client.connect()
  else if (act < 0.7) tab.send()
  else {
    client.close()
    client.connect()
    tab.hasDropped = true
  }
}

/** Vitest keeps what a test has left to do until all tests are over, and would keep all that ten thousand of these have made. */
function forgetful(context: TestScope): TestScope {
  const ends: (() => void)[] = []
  context.onTestFinished(() => {
    for (const end of ends.splice(0).reverse()) end()
  })
  return { onTestFinished: (end) => ends.push(end) }
}

/** Where the numbers do not follow each other. */
function breaksIn(heard: readonly number[]): string[] {
  return heard.flatMap((number, index) => {
    const before = heard[index - 1] ?? number - 1
    return number === before + 1 ? [] : [`${before} ${number}`]
  })
}

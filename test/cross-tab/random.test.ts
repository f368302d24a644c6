/** Tabs that come, go, sleep, hang and send in random order while numbered messages flow, over a server that resumes. */
import { expect, type TestContext, test } from 'vitest'
import { crossTab } from '../../src/cross-tab/index.ts'
import {
  createClient,
  type DuplexClient,
  type DuplexTransport,
  type Frame,
  type LinkObserver,
  RealtimeError,
} from '../../src/index.ts'
import { type FakeEnvironment, fakeEnvironment } from '../../src/testing/index.ts'
import { payloads, seeded } from '../circumstances.ts'
import { type FakeChannel, useFakeChannels } from './fake-channels.ts'
import { useFakeLocks } from './fake-locks.ts'
import { becomes } from './tabs.ts'

interface Subject {
  readonly name: number
  readonly client: DuplexClient
  readonly environment: FakeEnvironment
  readonly heard: number[]
  /** How many numbers it has sent. */
  sent: number
  readonly channels: () => readonly FakeChannel[]
  state: 'awake' | 'frozen' | 'hung'
  /** What its link has received while it hung. */
  readonly late: (() => void)[]
}

const runs = Number(process.env.HOLDFAST_MODEL_RUNS ?? 10)

test.for(Array.from({ length: runs }, (_, run) => run + 1))(
  '[XT2] [XT3] [XT10] nobody misses or repeats a message, and what is sent arrives in its order, however tabs come, go, sleep and hang (seed %i)',
  async (seed, context) => {
    const random = seeded(seed * 7919)
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
    const server = resumingServer()
    const open = tabOpener(context, server.transport)
    const tabs: Subject[] = [open(), open(), open()]
    const awake = () => tabs.filter(({ state }) => state === 'awake')

    for (let turn = 0; turn < 60; turn += 1) {
      server.say(Math.floor(random() * 4))
      const tab = pick(tabs)
      const act = random()
      if (act < 0.1) tabs.push(open())
      else if (act < 0.2 && tab && tabs.length > 2) {
        tabs.splice(tabs.indexOf(tab), 1)
        tab.client.close()
      } else if (act < 0.45 && tab) {
        if (tab.state === 'frozen') tab.environment.resume()
        else if (tab.state === 'awake') tab.environment.freeze()
        tab.state = tab.state === 'frozen' ? 'awake' : tab.state === 'awake' ? 'frozen' : 'hung'
      } else if (act < 0.55 && tab) {
        if (tab.state === 'hung') wake(tab)
        else if (tab.state === 'awake' && awake().length > 1) {
          tab.state = 'hung'
          tab.channels().at(-1)?.hang()
        }
      } else if (act < 0.65) server.cut()
      for (const one of awake()) {
        if (random() < 0.3) {
          one.sent += 1
          one.client.send('said', [one.name, one.sent])
        }
      }
      for (const one of awake()) await one.environment.advance(random() * 400)
      await messages(3)
    }

    for (const tab of tabs) {
      if (tab.state === 'frozen') tab.environment.resume()
      if (tab.state === 'hung') wake(tab)
      tab.state = 'awake'
    }
    for (let turn = 0; turn < 60; turn += 1) {
      server.say(1)
      for (const one of tabs) await one.environment.advance(1000)
      await messages(3)
    }

    await becomes(
      () => tabs.map(({ heard }) => heard.at(-1)),
      tabs.map(() => server.last()),
    )
    expect(tabs.map(({ heard }) => breaksIn(heard))).toEqual(tabs.map(() => []))
    expect(server.live()).toBe(1)
    // A repetition is what the next leader could not know to have arrived.
    const arrived = tabs.map(
      ({ name }) => new Set(server.heard().flatMap(([from, number]) => (from === name ? [number] : []))),
    )
    expect(arrived.map((numbers) => [...numbers])).toEqual(
      tabs.map(({ sent }) => Array.from({ length: sent }, (_, index) => index + 1)),
    )
  },
)

/** Where the numbers do not follow each other. */
function breaksIn(heard: readonly number[]): string[] {
  return heard.flatMap((number, index) => {
    const before = heard[index - 1] ?? number - 1
    return number === before + 1 ? [] : [`${before} ${number}`]
  })
}

function wake(tab: Subject): void {
  tab.state = 'awake'
  for (const report of tab.late.splice(0)) report()
  for (const channel of tab.channels()) channel.wake()
}

function tabOpener(context: TestContext, transport: DuplexTransport): () => Subject {
  useFakeLocks(context)
  const channels = useFakeChannels(context)
  const name = `random ${Math.random()}`
  let time = 0
  let count = 0
  return () => {
    count += 1
    const mine: FakeChannel[] = []
    const environment = fakeEnvironment()
    // Timers of a tab may be late, its clock is that of the machine.
    const own = environment.now
    Object.assign(environment, {
      now() {
        time = Math.max(time, own())
        return time
      },
    })
    const before = { open: channels.length }
    const shared = crossTab(
      {
        ...transport,
        open(request, observer) {
          let isClosed = false
          // A tab that hangs hears nothing of its link, either.
          const whenAwake = (report: () => void) => {
            if (tab.state !== 'hung') report()
            else tab.late.push(() => isClosed || report())
          }
          const link = transport.open(request, {
            ...observer,
            opened: () => whenAwake(() => observer.opened()),
            received: (frame) => whenAwake(() => observer.received(frame)),
            ended: (error) => whenAwake(() => observer.ended(error)),
          })
          return {
            send: (frame) => link.send?.(frame),
            close() {
              isClosed = true
              link.close()
            },
          }
        },
      },
      { name, leaderTimeout: 1000 },
    )
    const client = createClient(
      {
        ...shared,
        duplex: true,
        open(request, observer) {
          before.open = channels.length
          const link = shared.open(request, observer)
          mine.push(...channels.slice(before.open))
          return link
        },
      },
      { environment },
    )
    const heard: number[] = []
    client.on('n', (number: number) => heard.push(number))
    context.onTestFinished(() => client.close())
    const tab: Subject = {
      name: count,
      client,
      environment,
      heard,
      sent: 0,
      channels: () => mine,
      state: 'awake',
      late: [],
    }
    client.connect()
    return tab
  }
}

/** Sends every number once per link, from behind the id that it is told. */
function resumingServer() {
  const links = new Set<LinkObserver>()
  let last = 0
  const tell = (observer: LinkObserver, number: number) =>
    observer.received({ data: `${number}`, event: 'n', id: `${number}` })
  const sent: Frame[] = []
  const transport: DuplexTransport = {
    name: 'resuming',
    duplex: true,
    open(request, observer) {
      const from = request.lastEventId ? Number(request.lastEventId) + 1 : last + 1
      queueMicrotask(() => {
        if (isClosed) return
        links.add(observer)
        observer.opened()
        for (let number = from; number <= last && links.has(observer); number += 1) tell(observer, number)
      })
      let isClosed = false
      return {
        send(frame) {
          if (!links.has(observer)) throw new RealtimeError('not-open')
          sent.push(frame)
        },
        close() {
          isClosed = true
          links.delete(observer)
        },
      }
    },
  }
  return {
    transport,
    say(count: number) {
      for (let said = 0; said < count; said += 1) {
        last += 1
        for (const observer of links) tell(observer, last)
      }
    },
    cut() {
      for (const observer of links) {
        links.delete(observer)
        observer.ended(new RealtimeError('lost'))
      }
    },
    last: () => last,
    /** Who has sent which number. */
    heard: () => payloads(sent) as [from: number, number: number][],
    live: () => links.size,
  }
}

/** Whatever was on its way over channels has arrived, so many times over. */
async function messages(hops: number): Promise<void> {
  for (let hop = 0; hop < 2 * hops; hop += 1) await new Promise(setImmediate)
}

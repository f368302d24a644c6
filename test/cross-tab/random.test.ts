/** Tabs that come, go, sleep, hang and send in random order while numbered messages flow, over a server that resumes. */
import { expect, test } from 'vitest'
import { crossTab } from '../../src/cross-tab/index.ts'
import {
  createClient,
  type DuplexClient,
  type DuplexTransport,
  type Frame,
  type LinkObserver,
  RealtimeError,
  withUpstream,
} from '../../src/index.ts'
import { type FakeEnvironment, fakeEnvironment } from '../../src/testing/index.ts'
import { payloads, seeded } from '../circumstances.ts'
import { type FakeChannel, useFakeChannels } from './fake-channels.ts'
import { locksOfTab, useFakeLocks } from './fake-locks.ts'
import { becomes } from './tabs.ts'

interface Subject {
  readonly name: number
  readonly client: DuplexClient
  readonly environment: FakeEnvironment
  readonly heard: number[]
  /** How many numbers it has sent. */
  sent: number
  readonly channels: () => readonly FakeChannel[]
  state: 'awake' | 'frozen' | 'hung' | 'crashed'
  /** What its link and its locks have told while it hung. */
  readonly late: (() => void)[]
  /** Without a word: the browser closes its link and frees its lock. */
  crash(): void
}

/** Calls at once, or when the tab wakes. */
type WhenAwake = (report: () => void) => void
interface Host {
  readonly whenAwake: WhenAwake
  readonly gone: AbortSignal
}
type Server = ReturnType<typeof resumingServer>

/** What tabs send over, and the id of its rule. */
const ways = {
  'a link': ['[XT2]', ({ transport }: Server, host: Host) => hearing(transport, host)],
  'an upstream': [
    '[UP1]',
    ({ transport, takePost }: Server, host: Host) =>
      withUpstream(hearing(transport, host), 'http://fake.test/up', {
        fetch: (_url, init) => takePost(init ?? {}, host.whenAwake),
      }),
  ],
} as const

const runs = Number(process.env.HOLDFAST_MODEL_RUNS ?? 10)
const cases = Object.entries(ways).flatMap(([name, [rule, way]]) =>
  Array.from({ length: runs }, (_, run) => ({ name, rule, way, seed: run + 1 })),
)

test.for(cases)(
  '$rule [XT3] [XT10] nobody misses or repeats a message, and what is sent over $name arrives in its order, however tabs come, go, crash, sleep and hang (seed $seed)',
  async ({ way, seed }, context) => {
    const random = seeded(seed * 7919)
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
    const server = resumingServer(random)
    const open = tabOpener(forgetful(context), (host) => way(server, host))
    const tabs: Subject[] = [open(), open(), open()]
    const awake = () => tabs.filter(({ state }) => state === 'awake')

    for (let turn = 0; turn < 60; turn += 1) {
      server.say(Math.floor(random() * 4))
      const tab = pick(tabs)
      const act = random()
      if (act < 0.1) tabs.push(open())
      else if (act < 0.2 && tab && tabs.length > 2) {
        tabs.splice(tabs.indexOf(tab), 1)
        if (act < 0.15) tab.client.close()
        else tab.crash()
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
      server.answerPosts()
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
    server.calm()
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
    const arrived = () =>
      tabs.map(({ name }) => [...new Set(server.heard().flatMap(([from, number]) => (from === name ? [number] : [])))])
    await becomes(
      arrived,
      tabs.map(({ sent }) => Array.from({ length: sent }, (_, index) => index + 1)),
    )
  },
)

interface Ending {
  onTestFinished(end: () => void): unknown
}

/** Vitest keeps what a test has left to do until all tests are over, and would keep all that ten thousand of these have made. */
function forgetful(context: Ending): Ending {
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

function wake(tab: Subject): void {
  tab.state = 'awake'
  for (const report of tab.late.splice(0)) report()
  for (const channel of tab.channels()) channel.wake()
}

/** A tab that hangs hears nothing of its link, either. */
function hearing(transport: DuplexTransport, { whenAwake, gone }: Host): DuplexTransport {
  return {
    ...transport,
    open(request, observer) {
      let isClosed = false
      const unlessClosed = (report: () => void) => whenAwake(() => isClosed || report())
      const link = transport.open(request, {
        ...observer,
        opened: () => unlessClosed(() => observer.opened()),
        received: (frame) => unlessClosed(() => observer.received(frame)),
        ended: (error) => unlessClosed(() => observer.ended(error)),
      })
      const close = () => {
        isClosed = true
        link.close()
      }
      gone.addEventListener('abort', close)
      return { send: (frame) => link.send?.(frame), close }
    },
  }
}

function tabOpener(context: Ending, way: (host: Host) => DuplexTransport): () => Subject {
  const locks = useFakeLocks(context)
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
    const gone = new AbortController()
    const whenAwake: WhenAwake = (report) => {
      if (tab.state === 'hung') tab.late.push(report)
      else if (tab.state !== 'crashed') report()
    }
    const ownLocks = locksOfTab(locks, whenAwake, gone.signal)
    const shared = crossTab(way({ whenAwake, gone: gone.signal }), { name, leaderTimeout: 1000 })
    const client = createClient(
      {
        ...shared,
        duplex: true,
        open(request, observer) {
          before.open = channels.length
          Object.assign(navigator, { locks: ownLocks })
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
      crash() {
        tab.state = 'crashed'
        mine.at(-1)?.hang()
        gone.abort()
      },
    }
    client.connect()
    return tab
  }
}

/** Sends every number once per link, from behind the id that it is told. What is posted to it has an answer later, if any. */
function resumingServer(random: () => number) {
  const links = new Set<LinkObserver>()
  let last = 0
  const tell = (observer: LinkObserver, number: number) =>
    observer.received({ data: `${number}`, event: 'n', id: `${number}` })
  const sent: Frame[] = []
  const unanswered = new Set<() => void>()
  let isCalm = false
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
    /** Some never arrive, some are refused for now, and of some that were taken the answer is lost. */
    takePost({ body, signal }: RequestInit, whenAwake: WhenAwake): Promise<Response> {
      return new Promise((resolve, reject) => {
        const fate = isCalm ? 0 : random()
        if (fate < 0.9) sent.push(body as string)
        const answer = () => {
          unanswered.delete(answer)
          whenAwake(() => {
            if (fate < 0.8) resolve(new Response(null, { status: 204 }))
            else if (fate > 0.95) resolve(new Response(null, { status: 503 }))
            else reject(new TypeError('It was lost.'))
          })
        }
        signal?.addEventListener('abort', () => {
          unanswered.delete(answer)
          reject(signal.reason)
        })
        unanswered.add(answer)
        if (isCalm) answer()
      })
    },
    answerPosts() {
      for (const answer of unanswered) if (random() < 0.5) answer()
    },
    /** From now on every post is taken, and answered at once. */
    calm() {
      isCalm = true
      for (const answer of unanswered) answer()
    },
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

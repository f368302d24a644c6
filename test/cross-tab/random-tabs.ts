/** Tabs of the random test: they can sleep, hang and crash. */
import { crossTab } from '../../src/cross-tab/index.ts'
import { type ClientOptions, createClient, type DuplexClient, type DuplexTransport } from '../../src/index.ts'
import { type FakeEnvironment, fakeEnvironment } from '../../src/testing/index.ts'
import { type FakeChannel, useFakeChannels } from './fake-channels.ts'
import { locksOfTab, useFakeLocks } from './fake-locks.ts'

export interface RandomTab {
  readonly client: DuplexClient
  readonly environment: FakeEnvironment
  readonly name: number
  readonly heard: number[]
  state: 'awake' | 'frozen' | 'hung' | 'crashed' | 'closed'
  /** How many numbers it has sent. */
  sent: number
  /** It was closed in between, and dropped what it had not sent yet. */
  hasDropped: boolean
  send(): void
  hang(): void
  /** `isLinkFirst`: what its link and its locks have told meanwhile comes before what its channel has. */
  wake(isLinkFirst: boolean): void
  /** It says nothing any more: the browser closes its link and frees its lock. */
  crash(): void
}

/** Calls at once, or when the tab wakes. */
export type WhenAwake = (report: () => void) => void

export interface Host {
  readonly whenAwake: WhenAwake
  readonly gone: AbortSignal
}

export interface TestScope {
  onTestFinished(end: () => void): unknown
}

/** Returns a function that opens one more tab, all on one link. `meddle` is called from within every listener. */
export function tabOpener(
  context: TestScope,
  way: (host: Host) => DuplexTransport,
  meddle: (tab: RandomTab) => void,
  options: ClientOptions,
): () => RandomTab {
  const locks = useFakeLocks(context)
  const channels = useFakeChannels(context)
  const name = `random ${Math.random()}`
  let time = 0
  let count = 0

  return () => {
    count += 1
    const mine: FakeChannel[] = []
    /** What its link and its locks have told while it hung. */
    const late: (() => void)[] = []
    const environment = fakeEnvironment()
    // Timers of a tab may be late, its clock is that of the machine.
    const own = environment.now
    Object.assign(environment, {
      now() {
        time = Math.max(time, own())
        return time
      },
    })
    const gone = new AbortController()
    const whenAwake: WhenAwake = (report) => {
      if (tab.state === 'hung') late.push(report)
      else if (tab.state !== 'crashed') report()
    }
    const tell = () => {
      for (const report of late.splice(0)) report()
    }
    const ownLocks = locksOfTab(locks, whenAwake, gone.signal)
    const shared = crossTab(way({ whenAwake, gone: gone.signal }), { name, leaderTimeout: 1000 })
    const transport: DuplexTransport = {
      ...shared,
      open(request, observer) {
        const before = channels.length
        Object.assign(navigator, { locks: ownLocks })
        const link = shared.open(request, observer)
        mine.push(...channels.slice(before))
        return link
      },
    }
    const client = createClient(transport, { ...options, environment })
    const tab: RandomTab = {
      name: count,
      client,
      environment,
      heard: [],
      state: 'awake',
      sent: 0,
      hasDropped: false,
      send() {
        tab.sent += 1
        client.send('said', [tab.name, tab.sent])
      },
      hang() {
        tab.state = 'hung'
        mine.at(-1)?.hang()
      },
      wake(isLinkFirst) {
        if (tab.state === 'frozen') environment.resume()
        tab.state = 'awake'
        for (const channel of mine) channel.speak()
        // Nobody knows which of the two comes first.
        if (isLinkFirst) tell()
        for (const channel of mine) channel.wake()
        tell()
      },
      crash() {
        tab.state = 'crashed'
        mine.at(-1)?.hang()
        gone.abort()
      },
    }
    client.on('n', (number: number) => {
      tab.heard.push(number)
      meddle(tab)
    })
    client.onState(() => meddle(tab))
    client.onError(() => meddle(tab))
    context.onTestFinished(() => client.close())
    client.connect()
    return tab
  }
}

/** The transport in one tab: while the tab hangs, it hears nothing of its link, either. */
export function hearing(transport: DuplexTransport, { whenAwake, gone }: Host): DuplexTransport {
  return {
    ...transport,
    open(request, observer) {
      let isClosed = false
      const unlessClosed = (report: () => void) => whenAwake(() => isClosed || report())
      const link = transport.open(request, {
        ...observer,
        opened: () => unlessClosed(() => observer.opened()),
        received: (frame) => unlessClosed(() => observer.received(frame)),
        interrupted: (error, retryAt) => unlessClosed(() => observer.interrupted(error, retryAt)),
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

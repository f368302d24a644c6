/** A clock that moves when told, fixed randomness, and switches for what happens to a page. Timers fire one by one, in the order of their times. */
import type { Environment, PageEvent } from '../environment.ts'
import { mustBeNumbers } from '../errors.ts'

/** What a fake environment starts with. */
export interface FakeEnvironmentOptions {
  /** From 0 up to, but not including, 1. @default () => 0.5 */
  readonly random?: (() => number) | undefined
  /** Epoch time at the start. @default 1_700_000_000_000 */
  readonly now?: number | undefined
  /** URL of the page that the client believes to be on; `undefined` for none. @default 'http://localhost/' */
  readonly page?: string | undefined
}

/** An environment in a test's hands. Nothing in it moves by itself. */
export interface FakeEnvironment extends Required<Environment> {
  /**
   * Moves the clock, firing what falls due on the way, each at its time. Resolves when promises that this has set off
   * have run as well; `advance(0)` lets those run, and fires what is due by now. Rejects with 'invalid-config' for what is no number from 0 on.
   */
  advance(ms: number): Promise<void>
  /** Tells those who watch the page 'online' or 'offline'. */
  setOnline(online: boolean): void
  /** Shows or hides the page, and tells 'visibilitychange' where that is a change. */
  setVisible(visible: boolean): void
  /** Tells those who watch the page 'freeze', as a browser that suspends a hidden page. */
  freeze(): void
  /** Tells those who watch the page 'resume'. */
  resume(): void
  /** `true`: into the back/forward cache. A page that goes for good (`false`) tells nobody. */
  pageHide(persisted: boolean): void
  /** `true`: out of the back/forward cache. */
  pageShow(persisted: boolean): void
  /** Timers and listeners still held: 0 after `close()`. */
  readonly held: number
}

interface Timer {
  readonly at: number
  readonly callback: () => void
}

/** The environment of a test: `createClient(transport, { environment: fakeEnvironment() })`. */
export function fakeEnvironment(options: FakeEnvironmentOptions = {}): FakeEnvironment {
  const { random = () => 0.5 } = options
  const page = 'page' in options ? options.page : 'http://localhost/'
  const timers = new Set<Timer>()
  const watchers = new Set<(event: PageEvent) => void>()
  let now = options.now ?? 1_700_000_000_000
  let isHidden = false

  function tell(event: PageEvent): void {
    // Those who begin to watch meanwhile do not hear it, as with an EventTarget.
    for (const watcher of [...watchers]) if (watchers.has(watcher)) watcher(event)
  }

  function nextBefore(end: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of timers) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer
    }
    return next
  }

  return {
    now: () => now,
    random,
    setTimer(callback, ms) {
      const timer = { at: now + Math.max(0, ms), callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    origin: () => ({ base: page, secure: page?.startsWith('https:') === true }),
    async advance(ms) {
      mustBeNumbers(0, { ms })
      const end = now + ms
      await promisesToRun()
      for (let timer = nextBefore(end); timer; timer = nextBefore(end)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.callback()
        await promisesToRun()
      }
      // An `advance` that was not awaited may have moved the clock further.
      now = Math.max(now, end)
    },
    isHidden: () => isHidden,
    watchPage(listener, signal) {
      if (signal.aborted) return
      // One entry per call, also for the same listener.
      const watcher = (event: PageEvent) => listener(event)
      watchers.add(watcher)
      signal.addEventListener('abort', () => watchers.delete(watcher))
    },
    setOnline: (online) => tell(online ? 'online' : 'offline'),
    setVisible(visible) {
      if (visible !== isHidden) return
      isHidden = !visible
      tell('visibilitychange')
    },
    freeze: () => tell('freeze'),
    resume: () => tell('resume'),
    pageHide(persisted) {
      if (persisted) tell('pagehide')
    },
    pageShow(persisted) {
      if (persisted) tell('pageshow')
    },
    get held() {
      return timers.size + watchers.size
    },
  }
}

/** For Jest's jsdom, which has no MessageChannel, and whose timers may be fakes: more hops than any chain of promises that a test waits for. */
const longestChain = 1000

/** A message to oneself comes after every promise that is ready, however long their chain, and needs no timer. */
async function promisesToRun(): Promise<void> {
  if (!globalThis.MessageChannel) for (let hop = 0; hop < longestChain; hop += 1) await undefined
  else await messageToRun()
}

function messageToRun(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

/** A clock that moves when told, and fixed randomness. Timers fire in the order of their times, one by one. */
import type { Environment } from '../environment.ts'

export interface FakeEnvironmentOptions {
  /** @default () => 0.5 */
  readonly random?: (() => number) | undefined
  /** Epoch time at the start. @default 1_700_000_000_000 */
  readonly now?: number | undefined
  /** URL of the page that the client believes to be on; `undefined` for none. @default 'http://localhost/' */
  readonly page?: string | undefined
}

export interface FakeEnvironment extends Environment {
  /**
   * Moves the clock, firing what falls due on the way, each at its time. Resolves when promises that this has set off
   * have run as well; `advance(0)` only lets those run.
   */
  advance(ms: number): Promise<void>
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
  let now = options.now ?? 1_700_000_000_000

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
      const end = now + ms
      await promisesToRun()
      for (let timer = nextBefore(end); timer; timer = nextBefore(end)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.callback()
        await promisesToRun()
      }
      now = end
    },
    get held() {
      return timers.size
    },
  }
}

/** A message to oneself comes after every promise that is ready, however long their chain, and takes no timer. */
function promisesToRun(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

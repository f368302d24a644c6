/** A fake environment on a machine that may sleep. */
import { type FakeEnvironment, type FakeEnvironmentOptions, fakeEnvironment } from '../src/testing/index.ts'

export interface SleepingEnvironment extends FakeEnvironment {
  /** The clock jumps ahead by so many milliseconds, and the timers do not: each fires so much too late. Below 0, it is set back. */
  sleep(ms: number): void
  /** How many timers were ever asked for. */
  readonly timersSet: number
}

export function sleepingEnvironment(options: FakeEnvironmentOptions = {}): SleepingEnvironment {
  const awake = fakeEnvironment(options)
  let slept = 0
  let timersSet = 0
  return {
    ...awake,
    now: () => awake.now() + slept,
    setTimer(callback, ms) {
      timersSet += 1
      return awake.setTimer(callback, ms)
    },
    sleep(ms) {
      slept += ms
    },
    get timersSet() {
      return timersSet
    },
    get held() {
      return awake.held
    },
  }
}

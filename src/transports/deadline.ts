/** Deadlines of what a transport waits for. */
import type { Environment } from '../environment.ts'

/** Calls back after `ms` milliseconds, and behind what came in time: that may still wait for a page that was busy. The result cancels it. */
export function setDeadline(environment: Environment, callback: () => void, ms: number): () => void {
  let cancel = environment.setTimer(() => {
    cancel = environment.setTimer(callback, 0)
  }, ms)
  return () => cancel()
}

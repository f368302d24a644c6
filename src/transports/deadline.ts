/** Deadlines of what a transport waits for. */
import type { Environment } from '../environment.ts'

/**
 * Calls back after `ms` milliseconds, and behind what came in time: that may still wait for a page that was busy. Not in a hidden page, where
 * the second timer may come a minute later. The result cancels it.
 */
export function setDeadline(environment: Environment, callback: () => void, ms: number): () => void {
  let cancel = environment.setTimer(() => {
    if (environment.isHidden?.()) callback()
    else cancel = environment.setTimer(callback, 0)
  }, ms)
  return () => cancel()
}

/** Deadlines of what a transport waits for. */
import type { Environment } from '../environment.ts'

/**
 * Calls back after `ms` milliseconds and one more turn, which lets in what came in time while the page was busy. In a hidden page without
 * that turn, which may take a minute there. The result cancels it.
 */
export function setDeadline(environment: Environment, callback: () => void, ms: number): () => void {
  let cancel = environment.setTimer(() => {
    if (environment.isHidden?.()) callback()
    else cancel = environment.setTimer(callback, 0)
  }, ms)
  return () => cancel()
}

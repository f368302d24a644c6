/**
 * Run to completion. A turn is one call of the user's, or one report of a link, with everything that listeners are told
 * of it. What a link reports meanwhile waits for the next turn, so that a listener may call anything at any time and
 * nobody hears of B before A.
 */

import { createFifo } from '../delivery/fifo.ts'

type Task = () => void

export interface Turns {
  /** A user's call: takes effect at once, also inside another turn. */
  act(task: Task): void
  /** A link's report: at once, or after the current turn. Allocates only when it has to wait. */
  arrive<A, B>(task: (a: A, b: B) => void, a?: A, b?: B): void
  /** What listeners are to be told: it runs when the task under way is done, in order. */
  tell(notice: Task): void
  /** Holds back reports until the code that awaits a just resolved promise has run, through a few levels of async functions. */
  pause(): void
}

export function createTurns(): Turns {
  let busy = false
  let paused = false
  /** One of the two lists may hold something: asking both at every message would cost more than all else of a turn. */
  let isMore = false
  const notices = createFifo<Task>()
  const reports = createFifo<Task>()

  function run<A, B>(task: (a: A, b: B) => void, a?: A, b?: B): void {
    if (busy) return task(a as A, b as B)
    busy = true
    try {
      // Both are absent only where the task takes neither.
      task(a as A, b as B)
    } finally {
      try {
        while (isMore) {
          // What a report has brought about is told before the next report.
          const next = notices.shift() ?? (!paused && reports.shift())
          if (next) next()
          else isMore = false
        }
      } finally {
        busy = false
      }
    }
  }

  /** Takes what has been put into the lists: now, or at the end of the turn under way. */
  function wake(): void {
    run(() => {
      isMore = true
    })
  }

  return {
    act: run,
    arrive(task, a, b) {
      if (busy || paused) {
        reports.push(() => task(a as never, b as never))
        wake()
      } else run(task, a, b)
    },
    tell(notice) {
      notices.push(notice)
      wake()
    },
    async pause() {
      paused = true
      for (let hops = 0; hops < 9; hops += 1) await undefined
      paused = false
      wake()
    },
  }
}

/**
 * Time that moves when told. Tasks run one at a time in the order of their times, and of their arrival where these are equal;
 * after each, all promises settle before the next one starts, as between the tasks of a browser.
 */

export interface VirtualClock {
  /** Milliseconds since the beginning. */
  now(): number
  /** Calls back once after `ms`. Delays are whole and at least 0, as those of a browser's timers are. */
  setTimer(callback: () => void, ms: number): number
  clearTimer(timer: number | undefined): void
  /** Moves to this time, through all that is due until then. */
  runUntil(time: number): Promise<void>
  /** Nothing is left that time could bring. */
  readonly isIdle: boolean
}

interface Task {
  readonly at: number
  readonly callback: () => void
}

/** `report` hears what a task has thrown, and the next one runs, as in a browser. */
export function createVirtualClock(report: (error: unknown) => void): VirtualClock {
  let time = 0
  let timers = 0
  const tasks = new Map<number, Task>()
  /** The timers of `tasks`, the next one last, and those that were cleared meanwhile. */
  const order: { readonly at: number; readonly timer: number }[] = []

  /** Where a task of this time belongs: before all that are due at the same time, which are taken from the end. */
  function placeOf(at: number): number {
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((order[middle]?.at ?? 0) > at) low = middle + 1
      else high = middle
    }
    return low
  }

  function run({ at, callback }: Task): void {
    time = at
    try {
      callback()
    } catch (error) {
      report(error)
    }
  }

  return {
    now: () => time,
    setTimer(callback, ms) {
      timers += 1
      const at = time + Math.max(0, Math.trunc(ms) || 0)
      tasks.set(timers, { at, callback })
      order.splice(placeOf(at), 0, { at, timer: timers })
      return timers
    },
    clearTimer(timer = 0) {
      tasks.delete(timer)
    },
    async runUntil(end) {
      await settled()
      for (let next = order.at(-1); next !== undefined && next.at <= end; next = order.at(-1)) {
        order.pop()
        const task = tasks.get(next.timer)
        if (task === undefined) continue

        tasks.delete(next.timer)
        run(task)
        await settled()
      }
      time = end
    },
    get isIdle() {
      return tasks.size === 0
    },
  }
}

/** All that promises have to do is done, by the real event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

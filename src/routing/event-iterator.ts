/** One event as an async iterator: what comes while its consumer is busy is kept, within bounds. */
import { createFifo } from '../delivery/fifo.ts'
import { mustBeNumbers, mustBePolicy, RealtimeError } from '../errors.ts'
import type { IterateOptions } from '../realtime-client.ts'

/** What feeds the iterator. */
export interface EventFeed<T> {
  push(value: T): void
  /** Nothing more comes. What is kept is handed over, then the error is thrown, if there is one; with `isAborted`, it is thrown at once. */
  end(error?: unknown, isAborted?: boolean): void
}

/**
 * `follow` connects the feed with its source until `released` is aborted, which it is when the iterator is over for whatever
 * reason. Each `next()` gets a message of its own, in the order of the calls.
 */
export function createEventIterator<T>(
  { limit = 1000, whenFull = 'throw' }: IterateOptions = {},
  follow: (feed: EventFeed<T>, released: AbortController) => void,
): AsyncIterableIterator<T> {
  mustBeNumbers(1, { limit })
  mustBePolicy(whenFull)
  let kept = createFifo<T>()
  const waiters = createFifo<[(result: IteratorResult<T>) => void, (error: unknown) => void]>()
  const released = new AbortController()
  /** What is still to be thrown. */
  let failure: readonly [error: unknown] | undefined
  let calls = 0
  /** A consumer that was waiting has got something, and may be on its way back for more. */
  let isComing = false
  /** `attend` is under way. */
  let isAttended = false

  function settle(): void {
    while (waiters.size && (kept.size || released.signal.aborted)) {
      const [resolve, reject] = waiters.shift() as NonNullable<ReturnType<typeof waiters.shift>>
      if (failure && !kept.size) {
        reject(failure[0])
        failure = undefined
      } else resolve({ done: !kept.size, value: kept.shift() as T })
    }
  }

  function end(cause?: typeof failure, isGivenUp?: boolean): void {
    if (isGivenUp) kept = createFifo()
    failure = cause
    released.abort()
    settle()
  }

  /** Whether there is no room, and the policy has made none. */
  function isFull(): boolean {
    if (kept.size < limit) return false
    if (whenFull === 'throw') end([new RealtimeError('queue-full', 'Over limit: the consumer is too slow.')])
    if (whenFull === 'drop-oldest') kept.shift()
    return whenFull !== 'drop-oldest'
  }

  /** Waits until the consumer no longer comes back for more. Only then does the bound hold: what comes in one task leaves no time to take it. */
  async function attend(): Promise<void> {
    isAttended = true
    for (let seen: number | undefined; calls !== seen && kept.size; ) {
      seen = calls
      for (let hops = 0; hops < 9; hops += 1) await undefined
    }
    isAttended = isComing = false
    if (released.signal.aborted) return
    const came = kept
    kept = createFifo()
    while (came.size && !isFull()) kept.push(came.shift() as T)
  }

  follow(
    {
      push(value) {
        if (!isComing && isFull()) return
        isComing ||= waiters.size > 0
        kept.push(value)
        settle()
        if (isComing && kept.size && !isAttended) attend()
      },
      // A signal's reason is thrown whatever it is; a client that was closed without an error ends the iterator.
      end: (error, isAborted) => end(isAborted || error ? [error] : undefined, isAborted),
    },
    released,
  )

  return {
    next() {
      calls += 1
      return new Promise((...waiter) => {
        waiters.push(waiter)
        settle()
      })
    },
    async return(value) {
      end(undefined, true)
      return { done: true, value }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

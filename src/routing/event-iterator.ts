/** One event as an async iterator: what comes while its consumer is busy is kept, within bounds. */
import { createFifo } from '../delivery/fifo.ts'
import { mustBeNumbers, mustBePolicy, RealtimeError } from '../errors.ts'
import type { IterateOptions } from '../realtime-client.ts'

/** What feeds the iterator. */
export interface EventFeed<T> {
  push(value: T): void
  /** Nothing more comes. What is kept is handed over first, and then the error is thrown, if there is one; a signal's reason at once. */
  end(error?: unknown, isAborted?: boolean): void
}

/**
 * `follow` connects the feed with its source, until the controller is aborted: when the iterator is over, for whatever
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

  follow(
    {
      push(value) {
        if (kept.size >= limit) {
          if (whenFull === 'throw')
            return end([new RealtimeError('queue-full', 'Over limit: the consumer is too slow.')])
          if (whenFull === 'drop-newest') return
          kept.shift()
        }
        kept.push(value)
        settle()
      },
      // Any reason of a signal is thrown, and of a client only an error.
      end: (error, isAborted) => end(isAborted || error ? [error] : undefined, isAborted),
    },
    released,
  )

  return {
    next: () =>
      new Promise((...waiter) => {
        waiters.push(waiter)
        settle()
      }),
    async return(value) {
      end(undefined, true)
      return { done: true, value }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

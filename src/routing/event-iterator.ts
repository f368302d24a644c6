/** One event as an async iterator: what comes while its consumer is busy is kept, within bounds. */
import { mustBeNumbers, mustBePolicy, RealtimeError } from '../errors.ts'
import type { IterateOptions } from '../realtime-client.ts'

/** What the iterator is fed by. */
export interface EventFeed<T> {
  push(value: T): void
  /** Nothing more comes. What is kept is handed over first, and then the error is thrown, if there is one. */
  end(error?: unknown): void
}

interface Waiter<T> {
  resolve(result: IteratorResult<T>): void
  reject(error: unknown): void
}

/**
 * `follow` connects the feed with its source, until the signal is aborted: when the iterator is over, for whatever
 * reason. Each `next()` gets a message of its own, in the order of the calls.
 */
export function createEventIterator<T>(
  { signal, limit = 1000, whenFull = 'throw' }: IterateOptions = {},
  follow: (feed: EventFeed<T>, released: AbortController) => void,
): AsyncIterableIterator<T> {
  mustBeNumbers(1, { limit })
  mustBePolicy(whenFull)
  const kept = new Set<IteratorResult<T>>()
  /** One iterator for good: each new one would walk past all the places of what was taken out. */
  const oldest = kept.values()
  const waiters = new Set<Waiter<T>>()
  const released = new AbortController()
  /** What is still to be thrown. */
  let failure: { readonly error: unknown } | undefined

  function take(): IteratorResult<T> {
    const result = oldest.next().value as IteratorResult<T>
    kept.delete(result)
    return result
  }

  function settle(): void {
    for (const waiter of waiters) {
      if (kept.size) waiter.resolve(take())
      else if (!released.signal.aborted) break
      else if (failure) {
        waiter.reject(failure.error)
        failure = undefined
      } else waiter.resolve({ done: true, value: undefined })
      waiters.delete(waiter)
    }
  }

  function end(error?: unknown): void {
    if (released.signal.aborted) return
    if (error) failure = { error }
    released.abort()
    settle()
  }

  function abort(): void {
    kept.clear()
    end(signal?.reason)
  }

  const feed: EventFeed<T> = {
    push(value) {
      if (kept.size >= limit) {
        if (whenFull === 'throw') return end(new RealtimeError('queue-full', 'Over limit: the consumer is too slow.'))
        if (whenFull === 'drop-newest') return
        take()
      }
      kept.add({ done: false, value })
      settle()
    },
    end,
  }
  follow(feed, released)
  signal?.addEventListener('abort', abort, released)
  if (signal?.aborted) abort()

  return {
    next: () =>
      new Promise((resolve, reject) => {
        waiters.add({ resolve, reject })
        settle()
      }),
    return(value) {
      kept.clear()
      end()
      return Promise.resolve({ done: true, value })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/**
 * The notifications, and which of them have been read. The notifications are a function of time, as the feed is, so that any process
 * can send again what a client has missed. What has been read is kept in this process only: after a new start all of it is unread.
 */
import { tickAt } from './live-feed.ts'

/** So many are kept for those who come for the first time, and so many can be missed. */
export const mostNotices = 200

/** Everything up to `upTo` has been read, and these. */
export interface Marks {
  readonly upTo: number
  readonly also: readonly number[]
}

export interface Notices {
  readonly marks: Marks
  /** Marks these numbers as read, of those that are there. To mark them again changes nothing. */
  read(numbers: readonly number[]): void
  /** Calls back when something was marked that was not, until the returned function is called. */
  onMarks(listener: () => void): () => void
}

export function createNotices(interval: number, now: () => number = Date.now): Notices {
  const listeners = new Set<() => void>()
  // What came before anybody could look is nobody's to read.
  let upTo = tickAt(now(), interval) - 3
  let also = new Set<number>()

  return {
    get marks() {
      return { upTo, also: [...also].sort((a, b) => a - b) }
    },

    read(numbers) {
      const newest = tickAt(now(), interval)
      const fresh = numbers.filter((number) => number > upTo && number <= newest && !also.has(number))
      if (fresh.length === 0) return

      for (const number of fresh) also.add(number)
      // What is too old to be sent again counts as read.
      upTo = Math.max(upTo, newest - mostNotices)
      while (also.has(upTo + 1)) upTo += 1
      also = new Set([...also].filter((number) => number > upTo))
      for (const listener of listeners) listener()
    },

    onMarks(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/**
 * The notifications, and which of them have been read. The notifications are a function of time, as the feed is, so that any process
 * can send again what a client has missed. What has been read is kept in this process only: after a restart the newest three are
 * unread, and all before them count as read.
 */
import { tickAt } from './live-feed.ts'

/** How many of the newest a client that comes back can be sent. Marks reach no further back. */
export const mostNotices = 200

/** Everything up to `upTo` has been read, and the numbers in `also`. */
export interface Marks {
  readonly upTo: number
  readonly also: readonly number[]
}

export interface Notices {
  readonly marks: Marks
  /** Marks these numbers as read, except those that are still to come. To mark them again changes nothing. */
  read(numbers: readonly number[]): void
  /** `listener` is called when something new has been marked, until the returned function is called. */
  onMarks(listener: () => void): () => void
}

export function createNotices(interval: number, now: () => number = Date.now): Notices {
  const listeners = new Set<() => void>()
  // All but the newest three: nobody was there to read what came earlier.
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

/**
 * Sends the feed to one reader, whatever carries it: one event per tick, with the number of the tick as its id. A client that
 * comes back with an id gets the events after it. What a slow reader has not taken yet is not kept but computed again, so it
 * costs no memory.
 */
import { type FeedEvent, feedEvent, tickAt } from './live-feed.ts'

/**
 * How many ticks can be replayed. A client that missed more first gets an event `gap`, which says how many are left out; its id
 * is that of the last one left out.
 */
export const replayLimit = 1000

export interface FeedReader {
  /** Whether it has enough for now: until the next tick, or until `more` is called. */
  isFull(): boolean
  write(id: number, kind: FeedEvent['kind'] | 'gap', data: object): void
}

export interface Ticks {
  /** Sends what is due. */
  more(): void
  stop(): void
}

/** Sends every tick after `lastId`, or without a valid one from the present tick on, in order and each once, until it is stopped. */
export function sendTicks(reader: FeedReader, lastId: unknown, interval: number): Ticks {
  let next = firstTick(lastId, interval)
  let timer: NodeJS.Timeout | undefined

  function more(): void {
    clearTimeout(timer)
    const now = Date.now()
    const current = tickAt(now, interval)

    const missed = current - replayLimit + 1 - next
    if (missed > 0 && !reader.isFull()) {
      reader.write(next + missed - 1, 'gap', { from: next, to: next + missed - 1, missed })
      next += missed
    }

    for (; next <= current && !reader.isFull(); next += 1) {
      const { kind, data } = feedEvent(next, interval)
      reader.write(next, kind, data)
    }

    // Aimed at the start of the next tick each time: a fixed interval would drift past one sooner or later.
    timer = setTimeout(more, interval - (now % interval))
  }

  more()
  return { more, stop: () => clearTimeout(timer) }
}

function firstTick(lastId: unknown, interval: number): number {
  const current = tickAt(Date.now(), interval)
  const last = typeof lastId === 'string' && /^\d{1,15}$/.test(lastId) ? Number(lastId) : undefined

  // An id from far ahead was given out under another interval, and says nothing about this feed.
  return last === undefined || last > current + replayLimit ? current : last + 1
}

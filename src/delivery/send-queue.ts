/**
 * Holds frames while there is no open link: in order, bounded by count and bytes. What goes over the bound is refused
 * or dropped by policy, and never silently.
 */
import type { Frame } from '../codec.ts'
import { copyBytes, encodeUtf8 } from '../codecs/bytes.ts'
import type { Environment } from '../environment.ts'
import { type ErrorCode, mustBeNumbers, mustBePolicy, RealtimeError } from '../errors.ts'
import type { QueueOptions } from '../realtime-client.ts'
import { createFifo } from './fifo.ts'

export interface SendQueue {
  /** Of all frames that it holds. */
  readonly bytes: number
  /** Throws 'queue-full' where the policy says so. After `ttl` milliseconds the frame is dropped. */
  hold(frame: Frame, ttl?: number): 'queued' | 'dropped'
  /** Drops everything, and returns how many frames that were. */
  empty(): number
  /** Hands over the oldest until none is left or `send` refuses one, which stays the oldest. Returns whether none is left. */
  flush(): boolean
}

/** A frame that nobody else can change any more. */
export interface Kept {
  readonly frame: Frame
  readonly bytes: number
}

interface Entry extends Kept {
  readonly expiresAt: number
}

/** `dropped` hears of each message that had to make room, or has waited too long. */
export function createSendQueue(
  options: false | QueueOptions,
  send: (frame: Frame) => boolean,
  dropped: (error: RealtimeError) => void,
  environment: Environment,
): SendQueue {
  const { maxMessages = 256, maxBytes = 2 ** 20, whenFull = 'throw' }: QueueOptions = Object(options)
  mustBeNumbers(1, { maxMessages, maxBytes })
  mustBePolicy(whenFull)

  const entries = createFifo<Entry>()
  let bytes = 0
  let isFlushing = false
  /** One timer for all: for the one that expires first. */
  let dueAt = Infinity
  let cancelTimer: (() => void) | undefined

  function take(entry: Entry): void {
    entries.shift()
    bytes -= entry.bytes
  }

  /** Drops what has expired by `now`, and sets the timer for the next. Returns how many were dropped. */
  function drop(now: number): number {
    const { size } = entries
    dueAt = Infinity
    entries.filter((entry) => {
      if (entry.expiresAt <= now) bytes -= entry.bytes
      else dueAt = Math.min(dueAt, entry.expiresAt)
      return entry.expiresAt > now
    })
    cancelTimer?.()
    cancelTimer = dueAt < Infinity ? environment.setTimer(expire, dueAt - now) : undefined
    return size - entries.size
  }

  function expire(): void {
    tell(drop(environment.now()), 'expired', 'Queued for longer than its ttl.')
  }

  /** Called last, since whoever hears of it may send, or close. */
  function tell(count: number, ...what: [ErrorCode, string]): void {
    while (count--) dropped(new RealtimeError(...what))
  }

  return {
    get bytes() {
      return bytes
    },
    hold(frame, ttl = Infinity) {
      const entry = { ...keep(frame), expiresAt: environment.now() + ttl }
      const isOver = () => entries.size >= maxMessages || bytes + entry.bytes > maxBytes
      const policy = entry.bytes > maxBytes ? 'throw' : whenFull
      const error = ['queue-full', 'Over maxMessages or maxBytes.'] as const
      let displaced = 0
      while (isOver()) {
        if (policy === 'throw') throw new RealtimeError(...error)
        if (policy === 'drop-newest') return 'dropped'
        take(entries.peek() as Entry)
        displaced += 1
      }
      entries.push(entry)
      bytes += entry.bytes
      if (entry.expiresAt < dueAt) expire()
      tell(displaced, ...error)
      return 'queued'
    },
    empty: () => drop(Infinity),
    flush() {
      // What is sent while flushing, as when a link answers at once, waits at the end.
      if (isFlushing) return false
      isFlushing = true
      for (let entry = entries.peek(); entry; entry = entries.peek()) {
        if (dueAt <= environment.now()) expire()
        else if (!send(entry.frame)) break
        // Sending may have led to `close()`, which has emptied the queue.
        else if (entry === entries.peek()) take(entry)
      }
      isFlushing = false
      return !entries.size
    },
  }
}

/** Bytes are copied, as WebSocket's own `send` does: the caller may reuse its buffer. */
export function keep(frame: Frame): Kept {
  if (typeof frame === 'string') return { frame, bytes: encodeUtf8(frame).length }
  return { frame: copyBytes(frame), bytes: frame.byteLength }
}

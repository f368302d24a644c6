/**
 * Holds frames while there is no open link: in order, bounded by count and bytes. What goes over the bound is refused
 * or dropped by policy, and never silently.
 */
import type { Frame } from '../codec.ts'
import { encodeUtf8 } from '../codecs/bytes.ts'
import type { Environment } from '../environment.ts'
import { mustBeNumbers, mustBePolicy, RealtimeError } from '../errors.ts'
import type { QueueOptions } from '../realtime-client.ts'

export interface SendQueue {
  /** Of everything it holds. */
  readonly bytes: number
  /** Throws 'queue-full' where the policy says so. After `ttl` milliseconds it is dropped. */
  hold(frame: Frame, ttl: number): 'queued' | 'dropped'
  /** Returns how many it held. */
  empty(): number
  /** Hands over the oldest until none is left or `send` refuses one, which stays the oldest. Whether none is left. */
  flush(): boolean
}

interface Entry {
  readonly frame: Frame
  readonly bytes: number
  readonly expiresAt: number
  next?: Entry | undefined
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

  // A chain: taking its oldest moves no other, and walks past no empty place.
  let oldest: Entry | undefined
  let newest: Entry
  let size = 0
  let bytes = 0
  let isFlushing = false
  /** When the first of them expires: one timer for all. */
  let dueAt = Infinity
  let cancelTimer: (() => void) | undefined

  function append(entry: Entry): void {
    entry.next = undefined
    if (oldest) newest.next = entry
    else oldest = entry
    newest = entry
    count(entry, 1)
  }

  function count(entry: Entry, sign: 1 | -1): void {
    size += sign
    bytes += sign * entry.bytes
  }

  function shift(entry: Entry): void {
    oldest = entry.next
    // In old memory a dead entry would keep those after it from the quick collection.
    entry.next = undefined
    count(entry, -1)
  }

  /** Drops those that have waited too long, and comes back for the next. */
  function expire(): void {
    const now = environment.now()
    let expired = 0
    let entry = oldest
    empty()
    while (entry) {
      const { next } = entry
      if (entry.expiresAt <= now) expired += 1
      else {
        dueAt = Math.min(dueAt, entry.expiresAt)
        append(entry)
      }
      entry = next
    }
    if (dueAt < Infinity) cancelTimer = environment.setTimer(expire, dueAt - now)
    // Last, since whoever hears of it may send, or close.
    while (expired--) dropped(new RealtimeError('expired', 'Queued for longer than its ttl.'))
  }

  function empty(): number {
    const held = size
    oldest = undefined
    size = bytes = 0
    dueAt = Infinity
    cancelTimer?.()
    return held
  }

  return {
    get bytes() {
      return bytes
    },
    hold(frame, ttl) {
      const entry = keep(frame, environment.now() + ttl)
      const policy = entry.bytes > maxBytes ? 'throw' : whenFull
      const isFull = () => size > maxMessages || bytes > maxBytes
      const error = () => new RealtimeError('queue-full', 'Over maxMessages or maxBytes.')
      count(entry, 1)
      const isOver = isFull()
      count(entry, -1)
      if (isOver && policy === 'throw') throw error()
      if (isOver && policy === 'drop-newest') return 'dropped'
      append(entry)
      while (oldest && isFull()) {
        shift(oldest)
        dropped(error())
      }
      if (entry.expiresAt < dueAt) expire()
      return 'queued'
    },
    empty,
    flush() {
      // What is sent from within, to a link that answers at once, waits its turn at the end.
      if (isFlushing) return false
      isFlushing = true
      for (let entry = oldest; entry; entry = oldest) {
        if (entry.expiresAt <= environment.now()) expire()
        else if (!send(entry.frame)) break
        // Sending may have led to `close()`, which empties.
        else if (oldest === entry) shift(entry)
      }
      isFlushing = false
      return !oldest
    },
  }
}

/** Bytes are copied, as WebSocket's own `send` does: the caller may reuse its buffer. */
function keep(frame: Frame, expiresAt: number): Entry {
  if (typeof frame === 'string') return { frame, bytes: encodeUtf8(frame).length, expiresAt }
  const { buffer = frame, byteOffset, byteLength } = frame as ArrayBufferView<ArrayBuffer>
  return {
    frame: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice(),
    bytes: byteLength,
    expiresAt,
  }
}

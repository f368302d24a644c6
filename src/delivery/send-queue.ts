/**
 * Holds frames while there is no open link: in order, bounded by count and bytes. What goes over the bound is refused
 * or dropped by policy, and never silently.
 */
import type { Frame } from '../codec.ts'
import { encodeUtf8 } from '../codecs/bytes.ts'
import { must, mustBeNumbers, RealtimeError } from '../errors.ts'
import type { QueueOptions } from '../realtime-client.ts'

export interface SendQueue {
  /** Throws 'queue-full' where the policy says so. */
  hold(frame: Frame): 'queued' | 'dropped'
  /** Returns how many it held. */
  empty(): number
  /** Hands over the oldest until none is left or `send` refuses one, which stays the oldest. Whether none is left. */
  flush(): boolean
}

export interface Entry {
  readonly frame: Frame
  readonly bytes: number
}

/** `dropped` hears of each message that had to make room. */
export function createSendQueue(
  options: false | QueueOptions,
  send: (frame: Frame) => boolean,
  dropped: (error: RealtimeError) => void,
): SendQueue {
  const { maxMessages = 256, maxBytes = 2 ** 20, whenFull = 'throw' }: QueueOptions = Object(options)
  mustBeNumbers(1, { maxMessages, maxBytes })
  const policies = ['throw', 'drop-oldest', 'drop-newest']
  must(policies.includes(whenFull), `whenFull must be ${policies}.`)

  /** In the order of sending: a Set, since removing its oldest does not move the others. */
  const entries = new Set<Entry>()
  let bytes = 0
  let isFlushing = false

  function remove(entry: Entry): void {
    if (entries.delete(entry)) bytes -= entry.bytes
  }

  return {
    hold(frame) {
      const entry = keep(frame)
      const policy = entry.bytes > maxBytes ? 'throw' : whenFull
      // First, so that whoever hears of a dropped message finds this one in its place.
      entries.add(entry)
      bytes += entry.bytes
      for (const oldest of entries) {
        if (entries.size <= maxMessages && bytes <= maxBytes) break
        remove(policy === 'drop-oldest' ? oldest : entry)
        if (policy === 'drop-newest') return 'dropped'
        const error = new RealtimeError('queue-full', 'Over maxMessages or maxBytes.')
        if (policy === 'throw') throw error
        dropped(error)
      }
      return 'queued'
    },
    empty() {
      const { size } = entries
      entries.clear()
      bytes = 0
      return size
    },
    flush() {
      // What is sent from within, to a link that answers at once, waits its turn at the end.
      if (isFlushing) return false
      isFlushing = true
      for (const entry of entries) {
        if (!send(entry.frame)) break
        remove(entry)
      }
      isFlushing = false
      return !entries.size
    },
  }
}

/** Bytes are copied, as WebSocket's own `send` does: the caller may reuse its buffer. */
export function keep(frame: Frame): Entry {
  if (typeof frame === 'string') return { frame, bytes: encodeUtf8(frame).length }
  const { buffer = frame, byteOffset, byteLength } = frame as ArrayBufferView<ArrayBuffer>
  return { frame: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice(), bytes: byteLength }
}

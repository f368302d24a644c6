/** What a follower has sent and no leader has confirmed: the next leader gets it again. */
import type { Frame } from '../codec.ts'
import { createFifo } from '../delivery/fifo.ts'
import { type Kept, keep } from '../delivery/send-queue.ts'

interface Outgoing extends Kept {
  readonly count: number
}

export interface Outbox {
  readonly bytes: number
  /** The number of the one that waits longest. */
  readonly oldest: number | undefined
  add(frame: Frame): Outgoing
  /** All up to this one have been taken. */
  confirm(count: number): void
  /** Gives each, oldest first; those for which `give` returns true leave. */
  offer(give: (frame: Frame, count: number) => unknown): void
}

export function createOutbox(): Outbox {
  const waiting = createFifo<Outgoing>()
  let added = 0
  let bytes = 0

  function push(outgoing: Outgoing): Outgoing {
    waiting.push(outgoing)
    bytes += outgoing.bytes
    return outgoing
  }

  function shift(): Outgoing {
    const outgoing = waiting.shift() as Outgoing
    bytes -= outgoing.bytes
    return outgoing
  }

  return {
    get bytes() {
      return bytes
    },
    get oldest() {
      return waiting.peek()?.count
    },
    add(frame) {
      added += 1
      return push({ ...keep(frame), count: added })
    },
    confirm(last) {
      // Where none is left, `undefined <= last` is false.
      while ((waiting.peek()?.count as number) <= last) shift()
    },
    offer(give) {
      for (let left = waiting.size; left > 0; left -= 1) {
        const outgoing = shift()
        if (!give(outgoing.frame, outgoing.count)) push(outgoing)
      }
    },
  }
}

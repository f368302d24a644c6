/** Runs the user's handshake on one link. Once that is over, nothing that the handshake does reaches another link. */
import type { Frame, Message } from '../codec.ts'
import { asError, mustBeText, RealtimeError } from '../errors.ts'
import type { Handshake } from '../realtime-client.ts'
import type { Attempt } from '../transport.ts'
import type { Turns } from './turns.ts'

/** A handshake under way. */
export interface Greeting {
  /** Ends in `ready` or `failed`, unless `settle` is called before. */
  run(): void
  /** Whether the handshake was waiting for this message; then it has it, and nobody else gets it. */
  takes(message: Message): boolean
  /** Ends it: what the handshake waits for, and what it does from now on, fails as 'aborted'. */
  settle(): void
}

interface Waiter {
  readonly event: string
  resolve(data: unknown): void
  reject(error: RealtimeError): void
}

export function createGreeting(
  handshake: (link: Handshake) => void | Promise<void>,
  attempt: Attempt,
  write: (event: string, data: unknown) => Frame,
  hand: (frame: Frame) => void,
  listen: (event: string) => void,
  { arrive, pause }: Pick<Turns, 'arrive' | 'pause'>,
  ready: () => void,
  failed: (error: RealtimeError) => void,
): Greeting {
  const waiters = new Set<Waiter>()
  let isOver = false
  const aborted = () => new RealtimeError('aborted', 'This handshake is over.')

  /** The outcome is a report like those of the link, and may have to wait: by then the handshake may be over. */
  function settled(outcome: () => void): void {
    arrive(() => {
      if (!isOver) outcome()
    })
  }

  return {
    async run() {
      try {
        await handshake({
          attempt,
          send(event, data) {
            const frame = write(event, data)
            // Only now: the codec is the user's, and may have ended this handshake.
            if (isOver) throw aborted()
            hand(frame)
          },
          next(event) {
            const message = new Promise<unknown>((resolve, reject) => {
              mustBeText(event)
              if (isOver) return reject(aborted())
              waiters.add({ event, resolve, reject })
              listen(event)
            })
            // A `next` that nobody awaits must not become an unhandled rejection.
            message.catch(() => {})
            return message
          },
        })
        settled(ready)
      } catch (cause) {
        settled(() => failed(asError(cause, 'unreachable', 'handshake')))
      }
    },
    takes({ event, data }) {
      for (const waiter of waiters) {
        if (waiter.event !== event) continue
        waiters.delete(waiter)
        waiter.resolve(data)
        // What comes right behind, in the same chunk or task, may be what the handshake asks for next.
        pause()
        return true
      }
      return false
    },
    settle() {
      isOver = true
      for (const { reject } of waiters) reject(aborted())
      waiters.clear()
    },
  }
}

/**
 * Notices a link that died without a word, by comparing timestamps: timers of hidden tabs run once a minute, and none run
 * while a machine sleeps, so ticks tell nothing. One timer per link, none per message.
 */
import type { Frame } from '../codec.ts'
import type { Environment } from '../environment.ts'
import { asError, mustBeNumbers, RealtimeError } from '../errors.ts'
import type { HeartbeatOptions } from '../realtime-client.ts'

export interface Heartbeat {
  /** Something was received. Called for every message, so it only notes the time, and sets a timer now and then. */
  heard(now: number): void
  /**
   * Judges now where the timer is overdue: the machine may have slept. With `isDoubtful`, sends a probe now, unless the
   * answer to one is still awaited.
   */
  check(isDoubtful?: boolean): void
}

/**
 * Returns a function that starts the heartbeat of a link that has opened. `arm` sets the link's one timer, which ends with the
 * link. Without `encode` or a probe, silence alone decides. `dead` is called once.
 */
export function createHeartbeat(
  environment: Environment,
  option: false | HeartbeatOptions | undefined,
  arm: (ms: number, callback: () => void) => void,
  encode: false | ((event: string, data: unknown) => Frame),
  send: (frame: Frame) => void,
  failed: (error: RealtimeError) => void,
  dead: (error: RealtimeError) => void,
): () => Heartbeat | undefined {
  /** A timer that fires this much too late says that the machine slept, or that the page was held back. */
  const lateness = 1000
  const { idle = 30_000, timeout = 5000, probe }: HeartbeatOptions = Object(option)
  mustBeNumbers(1, { idle, timeout })
  const write = encode && probe && (typeof probe === 'function' ? probe : () => encode(probe.event, probe.data))
  // A probe that the codec cannot write would end every link: it fails here instead.
  if (write && write !== probe) write()
  const patience = write ? idle : idle + timeout

  return () => {
    if (!option) return
    let heardAt = environment.now()
    let dueAt: number
    /** Probes sent since the last sign of life. */
    let asked = 0
    /** The timer has fired, and one more turn lets in what has arrived: the timer may be late. */
    let letsIn: boolean
    /** The timer was so late that a probe may have been lost in sleep. */
    let hasSlept: boolean

    function wait(ms: number): void {
      letsIn = !ms
      dueAt = environment.now() + ms
      arm(ms, judge)
    }

    function judge(): void {
      const now = environment.now()
      if (!letsIn) hasSlept = now - dueAt > lateness
      const canAsk = write && asked < (hasSlept ? 2 : 1)
      // In a hidden page that turn may take a minute, so the probe goes out without it: one too many does no harm.
      if (!letsIn && !(canAsk && environment.isHidden?.())) return wait(0)

      // If the clock was set back, `heardAt` lies ahead, and silence would count as hearing until the clock has caught up.
      heardAt = Math.min(heardAt, now)
      const silence = now - heardAt
      if (!asked && silence < patience) wait(patience - silence)
      else if (canAsk) ask()
      else
        dead(
          new RealtimeError('silent', `Nothing heard for ${silence} ms.`, {
            hint: 'Gone, or a proxy drops silent links: see heartbeat.idle.',
          }),
        )
    }

    function ask(): void {
      asked += 1
      wait(timeout)
      // Last: the link may be given up before `send` returns.
      try {
        send((write as () => Frame)())
      } catch (cause) {
        failed(asError(cause, 'invalid-config', 'heartbeat.probe'))
      }
    }

    wait(patience)
    return {
      heard(now) {
        heardAt = now
        // Set here too, not by the timer alone: in a hidden page, a chain of timers that each set the next runs once a minute. A timer
        // that is set by what arrives begins a new chain.
        if (asked || dueAt - now < patience / 2) wait(patience)
        asked = 0
      },
      check(isDoubtful) {
        if (isDoubtful && write && !asked) ask()
        // Only the timer judges: what has arrived must be let in before.
        else if (!letsIn && environment.now() - dueAt > lateness) judge()
      },
    }
  }
}

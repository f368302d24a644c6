/**
 * Notices a link that died without a word, by comparing timestamps: timers of hidden tabs run once a minute, and none run
 * while a machine sleeps, so ticks tell nothing. One timer per link, none per message.
 */
import type { Frame } from '../codec.ts'
import type { Environment } from '../environment.ts'
import { asError, mustBeNumbers, RealtimeError } from '../errors.ts'
import type { HeartbeatOptions } from '../realtime-client.ts'

export interface Heartbeat {
  /** Something was received. All that happens per message, but for a timer now and then. */
  heard(now: number): void
  /**
   * Looks after a timer that should have fired: the machine may have slept. Where there is a doubt, asks now, unless an
   * answer is being waited for.
   */
  check(isDoubtful?: boolean): void
}

/**
 * Returns what starts the heartbeat of a link that has opened. `arm` sets the one timer of the link, which ends with it;
 * where nothing can be asked, silence alone decides; `dead` is called once.
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
  // One that the codec cannot write would cut every link: better said here.
  if (write && write !== probe) write()
  const patience = write ? idle : idle + timeout

  return () => {
    if (!option) return
    let heardAt = environment.now()
    let dueAt: number
    /** How often an answer was asked for since the last sign of life. */
    let asked = 0
    /** The timer has fired, and what has arrived by then is being let in: it may be late. */
    let letsIn: boolean
    /** So late that a probe may have been lost in sleep. */
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
      // The timers of a hidden page may run once a minute, this one as well: to ask there does no harm and comes in time.
      if (!letsIn && !(canAsk && environment.isHidden?.())) return wait(0)

      // A clock that was set back would otherwise count as hearing until it has caught up.
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
      // Last: the link may be given up before it returns.
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
        // Not by the timer alone: in a hidden page, a chain of timers that each set the next runs once a minute. What arrives begins it anew.
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

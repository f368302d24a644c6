/**
 * Notices a link that died without a word, by comparing timestamps: timers of hidden tabs run once a minute, and none run
 * while a machine sleeps, so ticks tell nothing. One timer per link, none per message.
 */
import type { Environment } from '../environment.ts'
import { mustBeNumbers, RealtimeError } from '../errors.ts'
import type { HeartbeatOptions } from '../realtime-client.ts'

export interface Heartbeat {
  /** A link is open. */
  begin(): void
  halt(): void
  /** Something was received. The only thing that happens per message. */
  heard(now: number): void
  /**
   * Looks after a timer that should have fired: the machine may have slept. Where there is a doubt, asks now, unless an
   * answer is being waited for.
   */
  check(isDoubtful?: boolean): void
}

/** A timer that fires this much too late says that the machine slept, or that the page was held back. */
const lateness = 1000

const hint = 'The network or a proxy dropped it without a word: lower heartbeat.idle.'

export type Probe = NonNullable<HeartbeatOptions['probe']>

/** Where nothing can be sent, or there is no probe, silence alone decides. `dead` may be called once per `begin`. */
export function createHeartbeat(
  environment: Environment,
  { idle = 30_000, timeout = 5000, probe }: HeartbeatOptions,
  canSend: boolean,
  send: (probe: Probe) => void,
  dead: (error: RealtimeError) => void,
): Heartbeat {
  mustBeNumbers(1, { idle, timeout })
  const question = canSend && probe
  const patience = question ? idle : idle + timeout

  let heardAt = 0
  let dueAt = 0
  /** Only while a link is looked after. */
  let cancelTimer: (() => void) | undefined
  /** How often an answer was asked for since the last sign of life. */
  let asked = 0
  /** The timer fired late, and what has arrived by then is being let in. */
  let wasLate = false

  function arm(ms: number): void {
    cancelTimer?.()
    wasLate = !ms
    dueAt = environment.now() + ms
    cancelTimer = environment.setTimer(judge, ms)
  }

  function judge(): void {
    const now = environment.now()
    if (!wasLate && now - dueAt > lateness) return arm(0)

    // A clock that was set back would otherwise count as hearing until it has caught up.
    heardAt = Math.min(heardAt, now)
    const silence = now - heardAt
    if (!asked && silence < patience) arm(patience - silence)
    // The first probe may have been lost in sleep.
    else if (question && asked < (wasLate ? 2 : 1)) ask()
    else dead(new RealtimeError('silent', `Nothing heard for ${silence} ms.`, { hint }))
  }

  function ask(): void {
    asked += 1
    arm(timeout)
    // Last: the answer may come, and the link may be given up, before it returns.
    if (question) send(question)
  }

  const heartbeat: Heartbeat = {
    begin() {
      heartbeat.heard(environment.now())
      arm(patience)
    },
    halt() {
      cancelTimer?.()
      cancelTimer = undefined
    },
    heard(now) {
      heardAt = now
      asked = 0
    },
    check(isDoubtful) {
      if (!cancelTimer) return
      if (isDoubtful && question && !asked) ask()
      else if (environment.now() - dueAt > lateness) judge()
    },
  }
  return heartbeat
}

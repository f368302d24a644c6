/**
 * Counts the tries that led to no stable link, and decides by them how long to wait before the next one and when to stop.
 * Keeps the last refusal for them. Knows no link and no timer.
 *
 * Every delay is drawn anew between 20 % and 100 % of the exponential one, the first and those at the cap included:
 * without that spread, all clients of a server that went down come back in the same instant.
 */
import type { Environment } from '../environment.ts'
import { asError, must, mustBeNumbers, RealtimeError } from '../errors.ts'
import type { ConnectionState, ReconnectOptions, ReconnectPolicy } from '../realtime-client.ts'

export interface Backoff {
  /** The number of the current or next try: one more than those in a row that led to no stable link. */
  readonly attempt: number
  /** So many failures in a row are final; 0 with `reconnect: false`. */
  readonly finalFailure: number
  /** The reconnection time that the stream asked for (`retry:`), in milliseconds; 0 without. */
  streamRetry: number
  /** Whether a link has opened, ever. */
  wasOpen: boolean
  /** The last 'unauthorized', for every attempt until a link opens: one that fails for another reason has not used fresh credentials. */
  refusal?: RealtimeError | undefined
  /** Forgets what went wrong: a link has lasted for `age` milliseconds, or, without one, the user says so. */
  startAfresh(age?: number): void
  /** Notes that this state is over, and how many tries have failed with it: 0 where nobody is to blame. */
  count(over: ConnectionState, failures: 0 | 1): void
  /** The error as it is told: what came before decides whether 'unauthorized' and 'not-a-stream' are final. */
  judge(error: RealtimeError): RealtimeError
  /** Milliseconds until the next attempt, or the error to close with. Never throws. */
  decide(error: RealtimeError): number | RealtimeError
}

export function createBackoff(
  option: false | ReconnectOptions | ReconnectPolicy = {},
  environment: Environment,
): Backoff {
  // Neither `false` nor a function has any of these, so that the defaults hold.
  const {
    minDelay = 1000,
    maxDelay = 30_000,
    factor = 2,
    maxAttempts = Infinity,
    stableAfter = 5000,
  }: ReconnectOptions = Object(option)
  mustBeNumbers(0, { minDelay, maxDelay, stableAfter })
  mustBeNumbers(1, { factor, maxAttempts })

  const finalFailure = option === false ? 0 : maxAttempts
  const random = () => environment.random()
  let attempt = 1
  /** Failed tries of a hidden page, which `maxAttempts` does not count. */
  let uncounted = 0
  /** When the current run of bad luck began: the loss, or the first failed try. */
  let troubleSince: number | undefined
  /**
   * How long a link must last, in milliseconds, before another refusal is answered with fresh credentials; 0 where the next one will be.
   * A second with `stableAfter: 0`: a server that takes every link only to refuse it would otherwise be asked without end or wait.
   */
  let reauthorized = 0

  const backoff: Backoff = {
    get attempt() {
      return attempt
    },
    finalFailure,
    streamRetry: 0,
    wasOpen: false,
    startAfresh(age = Infinity) {
      attempt = 1
      uncounted = 0
      troubleSince = undefined
      backoff.refusal = undefined
      if (age >= reauthorized) reauthorized = 0
    },
    count(over, failures) {
      const now = environment.now()
      // NaN in any other state than 'open'. Absolute, since the clock may have been set back meanwhile.
      const age = Math.abs(now - (over as Extract<ConnectionState, { status: 'open' }>).openedAt)
      if (age >= stableAfter) backoff.startAfresh(age)
      else {
        attempt += failures
        if (environment.isHidden?.()) uncounted += failures
      }
      if (failures) troubleSince ??= now
    },
    judge(error) {
      let { code, message, retryable } = error
      if (code === 'unauthorized') {
        retryable &&= !reauthorized
        reauthorized = stableAfter || 1000
        backoff.refusal = error
      }
      // Where there was a stream before, something stands in between now, as a captive portal does.
      if (code === 'not-a-stream') retryable ||= backoff.wasOpen
      return retryable === error.retryable
        ? error
        : new RealtimeError(code, message, { ...error, cause: error.cause, retryable })
    },
    decide(error) {
      if (!error.retryable || attempt - uncounted > finalFailure) return error
      if (typeof option === 'function') {
        try {
          const elapsed = environment.now() - (troubleSince as number)
          const delay = option({ attempt, error, elapsed, random })
          if (delay === null) return error
          must(delay < Infinity, 'reconnect() must return milliseconds or null.')
          mustBeNumbers(0, { delay })
          return delay
        } catch (cause) {
          return asError(cause, 'invalid-config', 'reconnect')
        }
      }

      // The first failure (attempt 2 is next) waits as long as a loss (attempt 1 is next).
      const growth = factor ** Math.max(0, attempt - 2)
      // A `minDelay` of 0 stays 0: `growth` may be Infinity, and the product would be NaN.
      const drawn = Math.min(minDelay && minDelay * growth, maxDelay) * (0.2 + 0.8 * random())
      const floor = Math.max(Math.min(backoff.streamRetry, maxDelay), Math.min(error.retryAfter ?? 0, 10 * maxDelay))
      // Spread above the floor: a server that gives everyone the same answer would otherwise bring everyone back at once.
      return floor > drawn ? floor + random() * Math.max(minDelay, 0.2 * floor) : drawn
    },
  }
  return backoff
}

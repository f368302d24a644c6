/**
 * How long to wait before the next attempt, and when to stop. Pure but for the randomness it is given.
 *
 * Every delay is drawn anew between 20 % and 100 % of the exponential one, the first and those at the cap included:
 * without it, all clients of a server that went down come back in the same instant.
 */
import { asError, must, mustBeNumbers, type RealtimeError } from '../errors.ts'
import type { ReconnectOptions, ReconnectPolicy } from '../realtime-client.ts'

export interface Backoff {
  /** So many failures in a row are final; 0 with `reconnect: false`. */
  readonly finalFailure: number
  /** How long a link must stay open for the counters to start again. */
  readonly stableTime: number
  /**
   * Milliseconds until the next attempt, or the error to close with. Never throws. `streamRetry` is what the stream
   * asked for as its reconnection time (`retry:`), 0 without.
   */
  decide(context: Context, streamRetry: number): number | RealtimeError
}

type Context = Parameters<ReconnectPolicy>[0]

export function createBackoff(option: false | ReconnectOptions | ReconnectPolicy = {}): Backoff {
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

  return {
    finalFailure,
    stableTime: stableAfter,
    decide(context, streamRetry) {
      const { attempt, error, random } = context
      if (!error.retryable || attempt > finalFailure) return error
      if (typeof option === 'function') {
        try {
          const delay = option(context)
          if (delay === null) return error
          must(Number.isFinite(delay) && delay >= 0, 'reconnect() must return milliseconds or null.')
          return delay
        } catch (cause) {
          return asError(cause, 'invalid-config', 'reconnect')
        }
      }

      // The first failure (attempt 2 is next) waits as long as a loss (attempt 1 is next).
      const growth = factor ** Math.max(0, attempt - 2)
      // A `minDelay` of 0 stays 0: times the infinity that growth may reach, it would be NaN.
      const drawn = Math.min(minDelay && minDelay * growth, maxDelay) * (0.2 + 0.8 * random())
      const floor = Math.max(Math.min(streamRetry, maxDelay), Math.min(error.retryAfter ?? 0, 10 * maxDelay))
      // Spread above the floor: a server that gives everyone the same answer would otherwise bring everyone back at once.
      return floor > drawn ? floor + random() * Math.max(minDelay, 0.2 * floor) : drawn
    },
  }
}

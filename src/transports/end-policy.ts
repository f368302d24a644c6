/** What the end of a link means, as an error code: the transport's default, unless the user's policy knows better. */
import { asError, type ErrorCode, type ErrorDetails, RealtimeError } from '../errors.ts'
import type { EndPolicy } from '../transport.ts'

/**
 * `retry` is the code of an end that may be tried again ('lost' or 'unreachable'), `usual` the one that this status or
 * close code has by default. A policy that throws is 'invalid-config'.
 */
export function endError(
  end: Parameters<EndPolicy>[0] & ErrorDetails,
  message: string,
  retry: ErrorCode,
  usual = retry,
  policy?: EndPolicy,
): RealtimeError {
  try {
    const answer = policy?.(end)
    const code = answer && ({ retry, stop: 'ended', reauthorize: 'unauthorized' } as const)[answer]
    return new RealtimeError(code ?? usual, message, end)
  } catch (cause) {
    return asError(cause, 'invalid-config', 'whenEnded')
  }
}

/** What the end of a link means, as an error code: the transport's default, unless the user's policy knows better. */
import { asError, type ErrorCode, type ErrorDetails, must, RealtimeError } from '../errors.ts'
import type { EndPolicy } from '../transport.ts'

/**
 * `retry` is the code of an end that may be tried again: 'lost' or 'unreachable'. `usual` is the code that this status or
 * close code has by default, where that is another. A policy that throws, or answers anything else, is 'invalid-config'.
 */
export function endError(
  end: ErrorDetails,
  retry: ErrorCode,
  usual: ErrorCode | undefined,
  policy: EndPolicy | undefined,
  message: string,
): RealtimeError {
  try {
    const answer = policy?.(end as Parameters<EndPolicy>[0])
    const code = answer ? ({ retry, stop: 'ended', reauthorize: 'unauthorized' } as const)[answer] : (usual ?? retry)
    must(code, 'whenEnded must return retry, stop, reauthorize or nothing.')
    return new RealtimeError(code, message, end)
  } catch (cause) {
    return asError(cause, 'invalid-config', 'whenEnded')
  }
}

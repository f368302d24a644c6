/** What the end of a link means, as an error code: the transport's default, unless the user's policy knows better. */
import { asError, type ErrorCode, type ErrorDetails, RealtimeError } from '../errors.ts'
import type { EndPolicy } from '../transport.ts'

/**
 * `usual` is the code that this status or close code has by default, `false` where it may be tried again: then it is
 * 'lost' or 'unreachable'. A policy that throws is 'invalid-config'.
 */
export function endError(
  end: Parameters<EndPolicy>[0] & ErrorDetails,
  wasOpen: boolean,
  usual: ErrorCode | undefined,
  policy: EndPolicy | undefined,
): RealtimeError {
  const retry = wasOpen ? 'lost' : 'unreachable'
  try {
    const answer = policy?.(end)
    const code = answer ? ({ retry, stop: 'ended', reauthorize: 'unauthorized' } as const)[answer] : usual
    return new RealtimeError(code || retry, `Ended with ${end.closeCode ?? end.status}.`, end)
  } catch (cause) {
    return asError(cause, 'invalid-config', 'whenEnded')
  }
}

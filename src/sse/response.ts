/** What an HTTP answer means for whoever asked for an event stream. */
import type { ErrorCode, ErrorDetails } from '../errors.ts'

export interface Verdict {
  readonly code: ErrorCode
  readonly details: ErrorDetails
}

/**
 * Why the response cannot be read as a stream, `undefined` where it can: status 200 with `text/event-stream`
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model). 'unreachable' is for what may pass. `now`
 * is an epoch time, for a `Retry-After` that is a date.
 */
export function judgeResponse(response: Response, now: number): Verdict | undefined {
  const { status, headers } = response
  if (status !== 200) return judgeStatus(response, now)
  // Of several types the last counts: https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
  if (/(^|,\s*)text\/event-stream\s*(;([^,"]|"[^"]*")*)?$/i.test(headers.get('content-type') ?? '')) return
  const hint = 'The answer is no text/event-stream: a sign-in page, a captive portal, or another URL.'
  return { code: 'not-a-stream', details: { status, hint } }
}

/** The same for a status other than 200. */
export function judgeStatus({ status, headers }: Pick<Response, 'status' | 'headers'>, now: number): Verdict {
  const retryAfter = readRetryAfter(headers.get('retry-after') ?? '', now)
  const mayPass = (status >= 500 && status < 600) || [408, 425, 429].includes(status)
  return {
    code: mayPass ? 'unreachable' : status === 204 ? 'ended' : status === 401 ? 'unauthorized' : 'refused',
    details: { status, ...(retryAfter >= 0 && { retryAfter }) },
  }
}

/** Seconds or a date (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3), as milliseconds from now. NaN where it is neither. */
function readRetryAfter(value: string, now: number): number {
  // `Date.parse` reads more than dates.
  if (/GMT$|^\w{3} \w{3} [\d :]+$/.test(value)) return Math.max(0, Date.parse(value.replace(/( GMT)?$/, ' GMT')) - now)
  return /^\d+$/.test(value) ? Number(value) * 1000 : Number.NaN
}

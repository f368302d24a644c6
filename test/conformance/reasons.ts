/** Why a client differs from the standard: the words that stand in a cell, the rule or the browser behind them, and the reason. */
export const reasons = {
  'passing status': [
    'FS2',
    'The standard gives up after any answer but 200. `fetchStream` sees the status, and takes 408, 425, 429 and every 5xx for a failure that passes: it tries again, with backoff, and not before `Retry-After`.',
  ],
  'fresh credentials': [
    'FS2',
    'The standard gives up after a 401. `fetchStream` asks its providers once more, with the error, since a token may have expired; a second 401 in a row closes the client.',
  ],
  'captive portal': [
    'FS2',
    'The standard gives up after another content type. For `fetchStream` that is final only for a client that was never open: where there was a stream before, something stands in between, as a captive portal does, and it may go away.',
  ],
  'bounded retry': [
    'BO4',
    'The standard waits as long as `retry` says. `fetchStream` waits `maxDelay` at most (30 s by default, 1 s in this run): a server that means to be left alone for good answers 204.',
  ],
  preflight: [
    'FS15',
    'The standard lets the `Last-Event-ID` of an EventSource pass without a preflight. For `fetch` it is a header like any other, so that the browser asks first. `lastEventIdParam` sends the id in the query instead.',
  ],
  'unseen status': [
    'ES3',
    'The browser’s EventSource gives up, as the standard says, but tells neither status nor content type. `eventSource` cannot tell a server that is starting from one that means it, so it tries again with a new source and its own backoff. Whoever needs the difference takes `fetchStream`.',
  ],
  'reconnection time unseen': [
    'ES2',
    'While no ids are in use, `eventSource` takes over from the browser, with a jittered backoff of its own; a stream’s `retry` is not told to scripts, so that it cannot keep to it.',
  ],
  'unseen id': [
    'ES2',
    'The browser tells of an id only with an event. After an id-only block alone, `eventSource` knows of no id and takes over from the browser, whose next request would have had it.',
  ],
  'bounded restoring': [
    'ES2',
    'Chromium waits as long as `retry` says. `eventSource` leaves a source to itself for 3 s and `openTimeout` (3 s in this run), then replaces it, with the id in the query.',
  ],
  'empty retry': [
    'Chromium',
    'The standard asks for nothing but ASCII digits and does not speak of no digit at all. Chromium goes back to its own 3 s.',
  ],
  'retry of many digits': [
    'Chromium',
    'The standard has no largest number. Chromium ignores what does not fit into 64 bits.',
  ],
  'other charset': [
    'Chromium',
    'The standard reads every stream as UTF-8, whatever its `charset` says. Chromium gives up where that names another encoding.',
  ],
  'malformed type': ['Chromium', 'What follows a space makes this no MIME type. Chromium reads up to the space.'],
  'no page': [
    'LC5',
    'Node has no page, and thus no origin, no cookies and nobody to protect from an answer: its `fetch` sends neither `Origin` nor cookies, and reads every answer.',
  ],
} as const

export type Reason = keyof typeof reasons

/** `passing status (FS2)` */
export function nameOf(reason: Reason): string {
  return `${reason} (${reasons[reason][0]})`
}

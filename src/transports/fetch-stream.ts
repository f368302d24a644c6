/** Server-sent events over fetch, one request per attempt. Reads in a plain loop: another stream in between would cost several times as much. */
import { encodeUtf8 } from '../codecs/bytes.ts'
import {
  asError,
  type ErrorCode,
  type ErrorDetails,
  must,
  mustBeFunction,
  mustBeText,
  RealtimeError,
} from '../errors.ts'
import { createEventParser } from '../sse/event-parser.ts'
import { judgeResponse } from '../sse/response.ts'
import type { EndPolicy, Link, LinkObserver, LinkRequest, Provider, Transport } from '../transport.ts'
import { endError } from './end-policy.ts'
import { answers } from './provide.ts'
import { causeOf, noAnswer, requestInit } from './request.ts'
import { isLocal, type LinkWithClues, resolveUrl, withLastEventId } from './url.ts'

/** The request of `fetchStream`, and what its end means. */
export interface FetchStreamOptions {
  /** HTTP method of the request. @default 'GET', and 'POST' with a body */
  readonly method?: string | undefined
  /** A function is asked at every attempt: the place for a token that expires. */
  readonly headers?: Provider<HeadersInit> | undefined
  /** A function is asked at every attempt; a stream needs one, since it can be sent only once. */
  readonly body?: Provider<BodyInit | null> | undefined
  /** Whether cookies are sent. @default 'same-origin' */
  readonly credentials?: RequestCredentials | undefined
  /** Sends lastEventId as this query parameter instead of the header, which cross-origin costs a preflight. @default false */
  readonly lastEventIdParam?: string | false | undefined
  /**
   * Decides what an end means, before the defaults do. `status` is that of the answer; a stream that ended has 200, a request
   * without an answer none.
   */
  readonly whenEnded?: EndPolicy | undefined
  /** Another implementation of fetch. @default globalThis.fetch */
  readonly fetch?: typeof fetch | undefined
}

type Parts = [string | URL, HeadersInit | undefined, BodyInit | null | undefined]

const bufferedHint =
  'A proxy seems to hold the stream back: nginx `proxy_buffering off`, Caddy `flush_interval -1`, Cloudflare `Cache-Control: no-transform`.'

const oneAnswerHint = 'For one answer take readEvents.'

/**
 * Server-sent events over fetch (https://html.spec.whatwg.org/multipage/server-sent-events.html), with what EventSource
 * lacks: headers, any method and body, status codes, `Retry-After`, and comments as signs of life. For a feed: a stream that
 * ends is requested again, body included. For a single answer, as of a language model, take `readEvents` from 'holdfast/sse'.
 *
 * 200 with `text/event-stream` opens. 204 closes the client ('ended'); 401 asks for fresh credentials, once; 408, 425, 429
 * and 5xx are tried again, not before `Retry-After`; any other status closes it ('refused'), and so does 200 with another
 * content type ('not-a-stream'), unless a link of it has opened before. `whenEnded` overrides. A stream that ends is 'lost' and
 * opened again, with `Last-Event-ID` where there was an id.
 *
 * Throws 'invalid-config' for what cannot be requested; what a provider gives is checked when it comes, and closes the client
 * with the same.
 */
export function fetchStream(url: Provider<string | URL>, options: FetchStreamOptions = {}): Transport {
  const { headers, body, lastEventIdParam, whenEnded } = options
  mustBeText(lastEventIdParam || '', 'lastEventIdParam')
  if (options.fetch) mustBeFunction(options.fetch, 'fetch')
  if (whenEnded) mustBeFunction(whenEnded, 'whenEnded')
  requestInit(
    typeof url === 'function' ? new URL('http://a') : resolveUrl(url, 'http'),
    options,
    typeof headers === 'function' ? undefined : headers,
    typeof body === 'function' ? undefined : body,
  )
  must(typeof body === 'function' || !isStream(body), 'A stream can be sent once: give a function that makes the body.')

  return {
    name: 'fetch-stream',
    open(request: LinkRequest, observer: LinkObserver): Link {
      const { environment, maxMessageSize } = request
      const abort = new AbortController()
      const link: LinkWithClues = { close }
      let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
      let isOver = false

      async function dial([where, given, content]: Parts): Promise<void> {
        if (isOver) return
        const { fetch = globalThis.fetch } = options
        if (!fetch) throw new RealtimeError('unsupported', 'Pass a fetch.')
        const target = resolveUrl(where, 'http', environment.origin())
        link.isLocal = isLocal(target)
        link.clue = { hint: bufferedHint }
        const init = requestInit(target, options, given, content)
        if (lastEventIdParam) withLastEventId(target, lastEventIdParam, request.lastEventId)
        else setLastEventId(init.headers, request.lastEventId)

        try {
          hear(await fetch(target.href, { ...init, signal: abort.signal }))
        } catch (cause) {
          broken(cause, 'unreachable', { hint: noAnswer })
        }
      }

      function hear(response: Response): void {
        const verdict = judgeResponse(response, environment.now())
        // Where the answer is no stream, a `fetch` of the user's may have read its body for the reason.
        if (!verdict || !response.body?.locked) reader = response.body?.getReader()
        // Aborting ends the request, but another implementation of fetch may answer all the same.
        if (isOver) return close()
        if (verdict)
          return end(
            endError(verdict.details, 'unreachable', verdict.code, whenEnded, `Answered with ${response.status}.`),
          )

        observer.opened()
        read().catch((cause) =>
          broken(cause, 'lost', { status: 200, ...(body && { hint: oneAnswerHint }) }, 'The stream'),
        )
      }

      async function read(): Promise<void> {
        let chunks = 0
        let events = 0
        /** Read once per chunk: reading the clock costs as much as parsing a small event. */
        let now: number
        const parse = createEventParser({
          maxMessageSize,
          id: request.lastEventId,
          onEvent(event, isHeld) {
            // A link that a listener has closed reports no more of this chunk.
            if (isOver) throw undefined
            events += 1
            observer.received(isHeld ? { ...event, isHeld } : event, now)
          },
          onRetry: (ms) => isOver || observer.retryAfter(ms),
        })
        for (;;) {
          const { done, value } = (await reader?.read()) ?? { done: true }
          if (done) break
          chunks += 1
          now = environment.now()
          const id = parse(value)
          // Whatever is in it, a chunk is a sign of life, and its last id counts also without an event.
          if (isOver) return
          observer.alive(id)
        }
        if (isOver) return
        const hint = chunks === 1 && events > 1 ? bufferedHint : body && oneAnswerHint
        end(endError({ status: 200, ...(hint && { hint }) }, 'lost', undefined, whenEnded, 'The stream ended.'))
      }

      function broken(cause: unknown, retry: ErrorCode, facts: ErrorDetails, who = 'fetch'): void {
        if (isOver) return
        const error = asError(cause, retry, who)
        end(
          error === cause
            ? error
            : endError({ ...facts, ...causeOf(error) }, retry, undefined, whenEnded, error.message),
        )
      }

      function end(error: RealtimeError): void {
        // The policy may have closed this very link.
        if (!isOver) observer.ended(error)
        close()
      }

      function close(): void {
        isOver = true
        abort.abort()
        // The stream may have failed before.
        reader?.cancel().catch(() => {})
      }

      answers<Parts>(request, url, headers, body)
        .then(dial)
        .catch((cause) => {
          end(asError(cause, 'unreachable'))
        })

      return link
    },
  }
}

/** As EventSource sends it, in UTF-8. An id that no header can carry is left out: with it, no request could be made at all. */
function setLastEventId(headers: Headers, id: string): void {
  // No control characters, which servers refuse though Headers takes some: https://www.rfc-editor.org/rfc/rfc9110#section-5.5
  if (!/^[\t -~\x80-\uffff]+$/.test(id)) return
  const bytes = encodeUtf8(id)
  // Servers refuse longer fields, and would refuse every attempt from then on.
  if (bytes.length < 8000) headers.set('Last-Event-ID', String.fromCharCode(...bytes))
}

function isStream(body: unknown): boolean {
  return 'getReader' in Object(body) || Symbol.asyncIterator in Object(body)
}

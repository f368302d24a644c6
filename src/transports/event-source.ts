/**
 * The browser's own EventSource, one source per attempt. The browser's reconnect is kept only while it can do what
 * nobody else can: send the `Last-Event-ID` header.
 */
import { asError, must, mustBeFunction, mustBeText, RealtimeError } from '../errors.ts'
import type { Link, LinkObserver, LinkRequest, Provider, Transport } from '../transport.ts'
import { answers } from './provide.ts'
import { isLocal, type LinkWithClues, resolveUrl, withLastEventId } from './url.ts'

/** How `eventSource` opens streams. */
export interface EventSourceOptions {
  /** Sends cookies across origins. @default false */
  readonly withCredentials?: boolean | undefined
  /**
   * Event names to hear besides those with a listener or a schema. Needed for `onAny`, and for a passive heartbeat
   * over named events: the browser tells of no other names.
   */
  readonly events?: readonly string[] | undefined
  /**
   * The query parameter in which the server reads lastEventId. With it the client does all reconnecting itself. Without
   * it the browser's own reconnect is kept while ids are in use (only the browser can send the header), and a replaced
   * link carries `lastEventId=` in the hope that the server reads it.
   */
  readonly lastEventIdParam?: string | undefined
  /** Another implementation, for platforms without one. @default globalThis.EventSource */
  readonly EventSource?: typeof EventSource | undefined
}

/**
 * The browser's own EventSource (https://html.spec.whatwg.org/multipage/server-sent-events.html). It can set no headers
 * and sees neither HTTP statuses nor comments.
 *
 * After a drop the client reconnects with its own backoff, as with every transport; while ids are in use and no
 * `lastEventIdParam` is given, the browser does it at its own pace, and the state is 'waiting' with an estimated
 * `retryAt`. Where a URL's lastEventId and a `Last-Event-ID` header disagree, the header is the newer.
 *
 * Throws 'invalid-config' for a URL that no page can make valid.
 */
export function eventSource(url: Provider<string | URL>, options: EventSourceOptions = {}): Transport {
  /** Milliseconds after which Chromium and WebKit reconnect; in Firefox it is 5 s, and a stream's `retry:` is not told to scripts. */
  const browserRetry = 3000
  const { withCredentials = false, events = [], lastEventIdParam = '' } = options
  if (typeof url !== 'function') resolveUrl(url, 'http')
  must(Array.isArray(events), 'events must be an array.')
  mustBeText(lastEventIdParam, 'lastEventIdParam')
  if (options.EventSource) mustBeFunction(options.EventSource, 'EventSource')

  return {
    name: 'eventsource',
    open(request: LinkRequest, observer: LinkObserver): Link {
      const { environment } = request
      const names = new Set(['open', 'error', 'message', ...events])
      const link: LinkWithClues = {
        listen(name) {
          // A name that is there already is not listened to twice: addEventListener sees to that.
          names.add(name)
          source?.addEventListener(name, onEvent)
        },
        close,
      }
      let source: EventSource | undefined
      let isOpen = false
      let isOver = false
      /** This very source has an id, so the browser will send it when it reconnects. */
      let hasId = false

      function dial([where]: [string | URL]): void {
        if (isOver) return
        const { EventSource: Source = globalThis.EventSource } = options
        if (!Source) throw new RealtimeError('unsupported', 'Pass an EventSource.')
        const target = resolveUrl(where, 'http', environment.origin())
        withLastEventId(target, lastEventIdParam || 'lastEventId', request.lastEventId)
        link.isLocal = isLocal(target)
        link.clue = { hint: 'Over HTTP/1.1 all tabs share six connections to an origin: the next waits.' }
        source = new Source(target.href, { withCredentials })
        for (const name of request.events) names.add(name)
        for (const name of names) source.addEventListener(name, onEvent)
        // An implementation of the user's may have closed the client.
        if (isOver) close()
      }

      /** A server may name an event `open` or `error` as well: such an event has data, the browser's own has none. */
      function onEvent(event: Event): void {
        const { type, data, lastEventId } = event as MessageEvent
        if (data !== undefined) {
          // A new source has '' as its id until the server names one, which must not make the client forget where to resume from.
          const id = hasId || lastEventId ? lastEventId : undefined
          // The server may take its id back.
          hasId = !!lastEventId
          observer.received({ data, event: type, id, isHeld: id === undefined })
        } else if (type === 'open') {
          isOpen = true
          observer.opened()
        } else onError()
      }

      function onError(): void {
        const gaveUp = source?.readyState === 2
        const hint = 'An HTTP error, no text/event-stream, or a CSP: see the console.'
        const error = isOpen
          ? new RealtimeError('lost', 'The event stream ended.')
          : new RealtimeError('unreachable', 'The event stream did not open.', gaveUp ? { hint } : {})
        isOpen = false
        if (gaveUp || !hasId || lastEventIdParam) {
          close()
          observer.ended(error)
        } else observer.interrupted(error, environment.now() + browserRetry)
      }

      function close(): void {
        isOver = true
        if (!source) return
        source.close()
        for (const name of names) source.removeEventListener(name, onEvent)
        // WebKit revives a source that was closed on `pagehide`.
        source.onopen = source.onerror = closeAgain
      }

      answers<[string | URL]>(request, url)
        .then(dial)
        .catch((cause) => {
          if (!isOver) observer.ended(asError(cause, 'unreachable'))
        })

      return link
    },
  }
}

/** Outside of any link, so that a closed source keeps none in memory. */
function closeAgain(this: EventSource): void {
  this.close()
}

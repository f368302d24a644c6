/**
 * An EventSource whose server is the test, for hosts that have none: readyState, dispatch by type, `error` and then a
 * reconnect, and close, as in https://html.spec.whatwg.org/multipage/server-sent-events.html. Nothing happens by itself.
 */

export interface FakeSource {
  readonly url: string
  readonly withCredentials: boolean
  readonly readyState: number
  /** Listeners held, handlers included: 0 once nobody listens. */
  readonly listenerCount: number
  /** The `Last-Event-ID` header of the newest request; `''` for none. */
  readonly lastEventIdHeader: string
  /** The server answers with a stream: status 200, text/event-stream. Also after a drop. */
  open(): void
  /** A message. Its id holds for those after it, as in a stream. */
  send(message: { readonly data: string; readonly event?: string; readonly id?: string }): void
  /** The connection is lost, and the source is going to reconnect: `open()` or `fail()` follows. */
  drop(): void
  /** An answer that is no stream: the source gives up. */
  fail(): void
  /** As WebKit does after the back/forward cache to a source that was closed on `pagehide`: `open()` follows. */
  revive(): void
}

export interface FakeEventSources {
  /** For the option `EventSource`. */
  readonly EventSource: typeof EventSource
  /** Every source that was made, newest last. */
  readonly sources: readonly FakeSource[]
}

const connecting = 0
const open = 1
const closed = 2

/** An EventSource with a list of all its sources. `made` is called with each source, in the microtask after its constructor. */
export function fakeEventSources(made: (source: FakeSource) => void = () => {}): FakeEventSources {
  const sources: FakeSource[] = []

  class Source extends EventTarget implements FakeSource {
    readonly url: string
    readonly withCredentials: boolean
    readyState = connecting
    lastEventIdHeader = ''
    /** The last event id string of the source: sent with a reconnect. */
    #lastEventId = ''
    readonly #listeners = new Map<string, Set<unknown>>()
    readonly #handlers = new Map<string, EventListener>()

    constructor(url: string | URL, { withCredentials = false }: EventSourceInit = {}) {
      super()
      this.url = new URL(url).href
      this.withCredentials = withCredentials
      sources.push(this)
      queueMicrotask(() => made(this))
    }

    get listenerCount(): number {
      return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0)
    }

    override addEventListener(...[type, listener, options]: Parameters<EventTarget['addEventListener']>): void {
      super.addEventListener(type, listener, options)
      if (listener) this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener))
    }

    override removeEventListener(...[type, listener, options]: Parameters<EventTarget['removeEventListener']>): void {
      super.removeEventListener(type, listener, options)
      this.#listeners.get(type)?.delete(listener)
    }

    set onopen(handler: EventListener | null) {
      this.#handle('open', handler)
    }

    set onmessage(handler: EventListener | null) {
      this.#handle('message', handler)
    }

    set onerror(handler: EventListener | null) {
      this.#handle('error', handler)
    }

    #handle(type: string, handler: EventListener | null): void {
      const old = this.#handlers.get(type)
      if (old) this.removeEventListener(type, old)
      this.#handlers.delete(type)
      if (!handler) return
      const bound = handler.bind(this)
      this.#handlers.set(type, bound)
      this.addEventListener(type, bound)
    }

    open(): void {
      if (this.readyState === closed) return
      this.readyState = open
      this.dispatchEvent(new Event('open'))
    }

    send({ data, event = 'message', id }: Parameters<FakeSource['send']>[0]): void {
      if (this.readyState === closed) return
      this.#lastEventId = id ?? this.#lastEventId
      this.dispatchEvent(new MessageEvent(event, { data, lastEventId: this.#lastEventId }))
    }

    drop(): void {
      if (this.readyState === closed) return
      this.readyState = connecting
      this.lastEventIdHeader = this.#lastEventId
      this.dispatchEvent(new Event('error'))
    }

    fail(): void {
      if (this.readyState === closed) return
      this.readyState = closed
      this.dispatchEvent(new Event('error'))
    }

    revive(): void {
      this.readyState = connecting
    }

    close(): void {
      this.readyState = closed
    }
  }

  return { EventSource: Source as unknown as typeof EventSource, sources }
}

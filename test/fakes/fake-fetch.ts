/**
 * A fetch whose server is the test: it answers, sends and ends by hand, and notes what became of each body
 * (https://fetch.spec.whatwg.org/#fetch-method). Nothing happens by itself.
 */

export interface FakeRequest {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly init: RequestInit
  /** The client's signal is aborted. */
  readonly aborted: boolean
  /** Whoever read the body has cancelled it. */
  readonly cancelled: boolean
  /** Neither side has ended it. */
  readonly live: boolean
  /** Status 200 and `text/event-stream`, unless told. */
  answer(status?: number, headers?: Readonly<Record<string, string>>): void
  /** Sends one chunk of the body. */
  send(chunk: string | Uint8Array<ArrayBuffer>): void
  end(): void
  /** The connection is lost: before an answer the promise is rejected, after it the body fails. */
  fail(cause?: unknown): void
}

export interface FakeFetch {
  /** For the option `fetch`. */
  readonly fetch: typeof fetch
  /** Every request that was made, newest last. */
  readonly requests: readonly FakeRequest[]
}

export interface FakeFetchOptions {
  /** Called with each request, after `fetch` has returned. */
  readonly made?: (request: FakeRequest) => void
  /** A request goes on when its signal is aborted, as it does with some implementations. */
  readonly ignoresSignal?: boolean
}

/** Statuses whose answers have no body: https://fetch.spec.whatwg.org/#null-body-status */
const bodiless = [204, 205, 304]

export function fakeFetch({ made = () => {}, ignoresSignal = false }: FakeFetchOptions = {}): FakeFetch {
  const requests: FakeRequest[] = []

  function fetch(input: unknown, init: RequestInit = {}): Promise<Response> {
    let settle: { resolve(response: Response): void; reject(cause: unknown): void } | undefined
    let stream: ReadableStreamDefaultController<Uint8Array> | undefined
    let isOver = false
    let cancelled = false
    const { method = 'GET', signal } = init

    const request: FakeRequest = {
      url: `${input}`,
      method,
      headers: new Headers(init.headers),
      init,
      get aborted() {
        return signal?.aborted === true
      },
      get cancelled() {
        return cancelled
      },
      get live() {
        return !isOver
      },
      answer(status = 200, headers = { 'content-type': 'text/event-stream' }) {
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            stream = controller
          },
          cancel() {
            isOver = cancelled = true
          },
        })
        if (bodiless.includes(status)) isOver = true
        settle?.resolve(new Response(bodiless.includes(status) ? null : body, { status, headers }))
      },
      send(chunk) {
        if (!isOver) stream?.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
      },
      end() {
        if (!isOver) stream?.close()
        isOver = true
      },
      fail(cause = new TypeError('The connection is lost.')) {
        isOver = true
        settle?.reject(cause)
        stream?.error(cause)
      },
    }
    if (!ignoresSignal) signal?.addEventListener('abort', () => request.fail(signal.reason))
    requests.push(request)
    queueMicrotask(() => made(request))
    return new Promise((resolve, reject) => {
      settle = { resolve, reject }
    })
  }

  return { fetch: fetch as typeof globalThis.fetch, requests }
}

/** One streamed response as an async iterator. Knows no client: no reconnect, no backoff. */
import { asError, must, mustBeFunction, mustBeSignal, RealtimeError } from '../errors.ts'
import { createEventParser, type SseEvent } from './event-parser.ts'
import { judgeResponse } from './response.ts'

/** How a response is read. */
export interface ReadEventsOptions {
  /** Ends the reading, once it has begun: the iterator throws the signal's reason, and the source is released. */
  readonly signal?: AbortSignal | undefined
  /**
   * Characters of one event's data; over it the iterator throws 'too-large'. With data in lines of one character, a sender can
   * make each of them cost some 30 bytes of memory until then. @default 16_777_216
   */
  readonly maxMessageSize?: number | undefined
  /**
   * Hears every comment, without its colon and the space after it, as soon as its chunk is read: a sign of life. The events that stood
   * before it in the chunk may still be waiting to be taken.
   */
  readonly onComment?: ((comment: string) => void) | undefined
  /** The stream's `retry:`, in milliseconds, as soon as its chunk is read; whoever sends the next request may keep to it. */
  readonly onRetry?: ((ms: number) => void) | undefined
}

/** What can be read: a response, its body, or any async iterable of bytes or strings, as Node's streams are. */
export type EventsSource = Response | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>

type Chunks = Pick<AsyncIterator<Uint8Array | string>, 'next'> & { return?(): Promise<unknown> }
type Result = IteratorResult<SseEvent, undefined>

const done = { done: true, value: undefined } as const

/**
 * The events of one response. Begins to read at the first `next()`, reads on only when what was read has been taken, and
 * releases the source in every case: at the end, on `break`, after an error. A generator of yours that waits for something
 * cannot be interrupted: it ends after its next chunk.
 *
 * Throws before the first event where the response is no stream: 'unauthorized' (401), 'not-a-stream' (200 with another
 * content type), 'refused' (any other status but 204; `retryable` tells those that may pass), with `status` and `hint`. A 204
 * has no events. A source that breaks off throws 'lost'; one event over `maxMessageSize` 'too-large'; an aborted `signal` its
 * reason. What is no source at all throws 'invalid-config' from this call.
 *
 * @example
 * for await (const { data } of readEvents(await fetch('/answer', { method: 'POST', body }))) show(data)
 */
export function readEvents(source: EventsSource, options: ReadEventsOptions = {}): AsyncIterableIterator<SseEvent> {
  const { signal, maxMessageSize = 2 ** 24, onComment, onRetry } = options
  const response = 'status' in Object(source) ? (source as Response) : undefined
  const body = (response?.body === null ? empty : response ? response.body : source) as Exclude<EventsSource, Response>
  const isStream = 'getReader' in Object(body)
  must(
    (isStream || Symbol.asyncIterator in Object(body)) && !(body as ReadableStream).locked,
    'Pass a Response, ReadableStream or async iterable that nobody else reads.',
  )
  mustBeSignal(signal)
  if (onComment) mustBeFunction(onComment, 'onComment')
  if (onRetry) mustBeFunction(onRetry, 'onRetry')
  const parse = createEventParser({
    maxMessageSize,
    // A callback of the user's may have ended the reading in the middle of a chunk.
    onEvent: (event) => isOver || events.push(event),
    onComment,
    onRetry,
  })

  /** What was read and not yet taken, from `taken` on. */
  let events: SseEvent[] = []
  let taken = 0
  let chunks: Chunks | undefined
  let isOver = false
  /** What is thrown once, when everything before it has been taken. */
  let failure: readonly [cause: unknown] | undefined
  /** Ends the wait for a chunk that does not come. */
  let interrupt: ((end: typeof done) => void) | undefined
  /** The answer to the newest call of `next` that had to wait: the one after it waits for that. */
  let newest: Promise<unknown> = Promise.resolve()
  /** How many such calls have no answer yet. */
  let waiting = 0

  function end(cause?: readonly [unknown]): void {
    if (isOver) return
    const { return: release } = open()
    isOver = true
    failure = cause
    signal?.removeEventListener('abort', abort)
    interrupt?.(done)
    // The source may have failed before, or have no `return`.
    call(release as () => unknown).catch(() => {})
    // A stream of Node, as any generator, heeds `return` only after the chunk that it waits for.
    ;(body as { destroy?(): void }).destroy?.()
  }

  function abort(): void {
    events = []
    end([signal?.reason])
  }

  function open(): Chunks {
    if (chunks) return chunks
    if (!isStream) chunks = body[Symbol.asyncIterator]()
    else {
      const reader = (body as ReadableStream<Uint8Array>).getReader()
      chunks = { next: () => reader.read() as Promise<IteratorResult<Uint8Array>>, return: () => reader.cancel() }
    }
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    const verdict = response && judgeResponse(response, Date.now())
    // 204 has no body, and ends by itself.
    if (verdict && verdict.code !== 'ended') {
      const { code, details } = verdict
      const retryable = code === 'unreachable'
      end([
        new RealtimeError(retryable ? 'refused' : code, `Answered with ${details.status}.`, {
          hint: 'Where response.ok is false, look at its text() instead.',
          ...details,
          retryable,
        }),
      ])
    }
    return chunks
  }

  /** Calls a method of the source, which may throw, or give no promise. */
  async function call<T>(step: () => T): Promise<Awaited<T>> {
    return await step.call(chunks)
  }

  /** One more chunk. */
  async function read({ next }: Chunks): Promise<void> {
    events = []
    taken = 0
    try {
      const { done, value } = await new Promise<IteratorResult<Uint8Array | string>>((resolve, reject) => {
        // Not `Promise.race`, which would keep a reaction for every chunk.
        interrupt = resolve
        call(next).then(resolve, (cause) => reject(broken(cause)))
      })
      if (done) end()
      else if (!isOver) parse(value)
    } catch (cause) {
      end([cause])
    }
  }

  async function wait(): Promise<Result> {
    const from = open()
    while (taken === events.length && !isOver) await read(from)
    if (taken < events.length) return take()
    const [cause] = failure ?? []
    if (!failure) return done
    failure = undefined
    throw cause
  }

  function take(): Result {
    taken += 1
    return { done: false, value: events[taken - 1] as SseEvent }
  }

  function settled(): void {
    waiting -= 1
  }

  return {
    next() {
      // What is there already costs one promise; several calls at once are answered in their order.
      if (!waiting && taken < events.length) return Promise.resolve(take())
      waiting += 1
      const answer = newest.then(wait, wait)
      newest = answer
      answer.then(settled, settled)
      return answer
    },
    async return() {
      events = []
      end()
      failure = undefined
      return done
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** What to throw for a source that failed. An AbortError as it is: whoever aborts a request looks for that. */
function broken(cause: unknown): unknown {
  if (Object(cause).name === 'AbortError') return cause
  const error = asError(cause, 'lost', 'The source')
  // Here a DOMException may be the cause, as the TimeoutError of `AbortSignal.timeout`: from reading, none quotes anything.
  return cause instanceof DOMException ? new RealtimeError('lost', error.message, { cause }) : error
}

/** The body of an answer without one. */
const empty: AsyncIterable<never> = { [Symbol.asyncIterator]: () => ({ next: async () => done }) }

/** 'holdfast/sse': server-sent events without a client. */
import type { SseEvent } from 'holdfast/sse'
import { EventStreamDecoder, readEvents } from 'holdfast/sse'
import type { Same, Shape } from './same.ts'
import { isTrue } from './same.ts'

export function eventsAreExact(): void {
  isTrue<
    Same<
      Pick<SseEvent, 'event' | 'data' | 'id'>,
      { readonly event: string; readonly data: string; readonly id: string }
    >
  >()
  isTrue<Same<ReturnType<typeof readEvents>, AsyncIterableIterator<SseEvent>>>()
  isTrue<
    Same<Parameters<typeof readEvents>[0], Response | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>>
  >()
  isTrue<
    Same<
      Pick<NonNullable<Parameters<typeof readEvents>[1]>, 'signal' | 'maxMessageSize' | 'onComment' | 'onRetry'>,
      {
        readonly signal?: AbortSignal | undefined
        readonly maxMessageSize?: number | undefined
        readonly onComment?: ((comment: string) => void) | undefined
        readonly onRetry?: ((ms: number) => void) | undefined
      }
    >
  >()
}

export function decoderOptionsAreExact(): void {
  type Options = NonNullable<ConstructorParameters<typeof EventStreamDecoder>[0]>
  isTrue<Same<Shape<Options, 'maxMessageSize'>, { readonly maxMessageSize?: 0 }>>()
}

export async function readingIsTyped(response: Response, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const event of readEvents(response)) isTrue<Same<typeof event, SseEvent>>()
  for await (const { event, data, id } of readEvents(bytes, {})) `${event.trim()}${data.trim()}${id.trim()}`
  const { signal } = new AbortController()
  const iterator = readEvents(new ReadableStream<Uint8Array>(), {
    signal,
    maxMessageSize: 1000,
    onComment: (comment) => comment.trim(),
    onRetry: (ms) => ms.toFixed(),
  })
  await iterator.return?.()
  readEvents((async function* () {})())
  readEvents(
    (async function* () {
      yield 'data: a'
      yield new Uint8Array()
    })(),
  )
  readEvents(response, { signal: undefined, maxMessageSize: undefined, onComment: undefined, onRetry: undefined })

  // @ts-expect-error a response, not its promise
  readEvents(fetch('/answer'))
  // @ts-expect-error a URL is for fetch
  readEvents('/answer')
  // @ts-expect-error a body there may not be
  readEvents(response.body)
  // @ts-expect-error a misspelt option
  readEvents(response, { onComments: () => {} })
  // @ts-expect-error milliseconds come
  readEvents(response, { onRetry: (ms: string) => ms })
  for await (const event of readEvents(response)) {
    // @ts-expect-error data is text
    event.data.price
    // @ts-expect-error an event is read-only
    event.id = ''
  }
}

export async function decodingIsTyped(body: NonNullable<Response['body']>): Promise<void> {
  const decoder: TransformStream<Uint8Array, SseEvent> = new EventStreamDecoder()
  isTrue<Same<EventStreamDecoder['readable'], ReadableStream<SseEvent>>>()
  isTrue<Same<EventStreamDecoder['writable'], WritableStream<Uint8Array>>>()
  const reader = body.pipeThrough(new EventStreamDecoder({ maxMessageSize: 1000 })).getReader()
  const { value } = await reader.read()
  isTrue<Same<typeof value, SseEvent | undefined>>()
  new EventStreamDecoder({})

  // @ts-expect-error characters
  new EventStreamDecoder({ maxMessageSize: '1 MB' })
  // @ts-expect-error a misspelt option
  new EventStreamDecoder({ maxSize: 1 })
  // @ts-expect-error a decoder is made with `new`
  EventStreamDecoder()
  void decoder
}

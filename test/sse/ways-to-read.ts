/** Three ways through which a stream of bytes becomes events. The same must come out of all of them. */
import { createClient, fetchStream, isRealtimeError, type Meta, type RealtimeError, text } from '../../src/index.ts'
import { EventStreamDecoder, readEvents, type SseEvent } from '../../src/sse/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'

export interface Outcome {
  readonly events: readonly SseEvent[]
  /** What it ended with, `undefined` where the stream simply came to its end. */
  readonly error?: unknown
}

export type Way = (chunks: Iterable<Uint8Array>, maxMessageSize?: number) => Promise<Outcome>

export const ways: readonly (readonly [name: string, way: Way])[] = [
  ['readEvents', throughReadEvents],
  ['EventStreamDecoder', throughDecoder],
  ['a client over fetchStream', throughClient],
]

/** A stream that makes one chunk for each call of `read`, and none ahead. */
export function streamOf(chunks: Iterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const rest = chunks[Symbol.iterator]()
  return new ReadableStream(
    {
      pull(controller) {
        const { done, value } = rest.next()
        if (done) controller.close()
        else controller.enqueue(value as Uint8Array<ArrayBuffer>)
      },
    },
    { highWaterMark: 0 },
  )
}

export function answerWith(body: BodyInit | null, init: ResponseInit = {}): Response {
  return new Response(body, { headers: { 'content-type': 'text/event-stream' }, ...init })
}

export async function throughReadEvents(chunks: Iterable<Uint8Array>, maxMessageSize?: number): Promise<Outcome> {
  return collect(readEvents(answerWith(streamOf(chunks)), { maxMessageSize }))
}

async function throughDecoder(chunks: Iterable<Uint8Array>, maxMessageSize?: number): Promise<Outcome> {
  return collect(streamOf(chunks).pipeThrough(new EventStreamDecoder({ maxMessageSize })))
}

export async function collect(source: AsyncIterable<SseEvent>): Promise<Outcome> {
  const events: SseEvent[] = []
  try {
    for await (const event of source) events.push(event)
  } catch (error) {
    return { events, error }
  }
  return { events }
}

/** The end of its first stream closes the client. A stream that simply came to its end is 'lost' without a cause. */
export async function throughClient(chunks: Iterable<Uint8Array>, maxMessageSize?: number): Promise<Outcome> {
  const { events, error } = await hearAll(() => answerWith(streamOf(chunks)), maxMessageSize)
  const isEnd = isRealtimeError(error) && error.code === 'lost' && error.cause === undefined
  return { events, ...(!isEnd && { error }) }
}

/** All that a client over `fetchStream` hears of one response, its end included. */
export async function hearAll(answer: () => Response, maxMessageSize?: number) {
  const events: SseEvent[] = []
  const client = createClient(fetchStream('http://stream.test/', { fetch: async () => answer() }), {
    codec: text(),
    environment: fakeEnvironment(),
    maxMessageSize,
  })
  client.onAny((data: string, { event, id }: Meta) => events.push({ event, data, id }))
  const error = await new Promise<RealtimeError>((resolve) => {
    client.onError(resolve)
    client.connect()
  })
  const { state, lastEventId } = client
  client.close()
  return { events, error, state, lastEventId }
}

const encoder = new TextEncoder()

export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The bytes, cut before each of these positions. */
export function cutAt(bytes: Uint8Array, positions: readonly number[]): readonly Uint8Array[] {
  const ends = [...positions, bytes.length]
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

export function cutEvery(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  const count = Math.ceil(bytes.length / size)
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
}

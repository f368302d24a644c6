/** The parser as a TransformStream, for those who compose streams. */
import { createEventParser, type SseEvent } from './event-parser.ts'

export interface EventStreamDecoderOptions {
  /** Characters of one event's data; over it the stream fails with 'too-large'. @default 16_777_216 */
  readonly maxMessageSize?: number | undefined
}

export interface EventStreamDecoder extends TransformStream<Uint8Array, SseEvent> {}

/**
 * Bytes in, events out. It costs several times what `readEvents` does, since every event goes through two queues; and it
 * knows no response: the caller checks status and content type. Where it fails, events that nobody has read yet are gone, as with any
 * TransformStream; `readEvents` hands them over first.
 *
 * @example
 * const events = response.body.pipeThrough(new EventStreamDecoder())
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the class is a TransformStream, which is looked up when one is made
export class EventStreamDecoder {
  constructor({ maxMessageSize = 2 ** 24 }: EventStreamDecoderOptions = {}) {
    let parse: ReturnType<typeof createEventParser>
    const transformer: Transformer<Uint8Array, SseEvent> = {
      start(controller) {
        parse = createEventParser({ maxMessageSize, onEvent: (event) => controller.enqueue(event) })
      },
      transform(chunk) {
        parse(chunk)
      },
    }
    Object.setPrototypeOf(EventStreamDecoder.prototype, TransformStream.prototype)
    // biome-ignore lint/correctness/noConstructorReturn: what `super` would make, had the class a base when it is imported
    return Reflect.construct(TransformStream, [transformer], new.target)
  }
}

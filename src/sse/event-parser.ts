/**
 * Bytes or text in, events out, by the format of https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream.
 * The grammar is eventsource-parser's; this adds what it leaves to its caller: decoding, one byte order mark, ids that stay,
 * and a bound for what is kept.
 */
import { createParser, type ParserConfig } from 'eventsource-parser'
import { mustBeNumbers, RealtimeError } from '../errors.ts'

/** One event of a stream. */
export interface SseEvent {
  /** 'message' where the stream named none. */
  readonly event: string
  /** The `data:` lines of the event, joined by line feeds. */
  readonly data: string
  /** The last id seen, '' before the first. */
  readonly id: string
}

export interface EventParserOptions {
  /** Bound for the data of one event, in characters. */
  readonly maxMessageSize: number
  /** The id to begin with. */
  readonly id?: string
  /** `isHeld`: the event names no id, and has that of an earlier one. */
  readonly onEvent: (event: SseEvent, isHeld: boolean) => void
  readonly onRetry?: ((ms: number) => void) | undefined
  /** Only where somebody wants them: comments are kept until their line ends. */
  readonly onComment?: ((comment: string) => void) | undefined
}

/**
 * Returns a function that takes the chunks of one stream, cut anywhere, and returns the last id as of each. It throws 'too-large', and whatever a callback
 * throws: then the stream is over, since the parser has stopped in the middle of a line.
 */
export function createEventParser(options: EventParserOptions): (chunk: Uint8Array | ArrayBuffer | string) => string {
  /** Characters of field names, an event name and an id: the parser counts them, `maxMessageSize` does not. */
  const slack = 4096
  const { maxMessageSize, onEvent, onRetry, onComment } = options
  mustBeNumbers(1, { maxMessageSize })
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let { id = '' } = options
  let isFirst = true
  /** The parser keeps no more characters than this: all since the beginning of the chunk that brought the last event. */
  let keptAtMost = 0
  /** Characters of the chunk under way. */
  let size = 0

  const parser = createParser({
    maxBufferSize: maxMessageSize + slack,
    onId(next) {
      // A slice of a string keeps the whole string in memory. So this one is sliced from a copy of itself.
      if (next !== id) id = ` ${next}`.slice(1)
    },
    onEvent(event) {
      keptAtMost = size
      if (event.data.length > maxMessageSize) throw tooLarge()
      // The parser makes an object per event and keeps none: it becomes ours.
      event.event ??= 'message'
      const isHeld = event.id === undefined && id !== ''
      event.id = id
      onEvent(event as SseEvent, isHeld)
    },
    onRetry,
    onComment,
    // An undefined callback is a missing one to the parser, though not to its types.
  } as ParserConfig)
  // Ends the parser's own search for a byte order mark, which would also drop '\xEF\xBB\xBF' as characters.
  parser.feed('\uFEFF')

  return (chunk) => {
    let text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    if (isFirst && text) {
      isFirst = false
      text = text.replace(/^\uFEFF/, '')
    }
    size = text.length
    keptAtMost += size
    // So little that the parser cannot overflow, nor its slices keep many chunks in memory.
    if (keptAtMost <= maxMessageSize) parser.feed(text)
    else
      for (const line of text.match(/[^\r\n]*[\r\n]?/g) ?? []) {
        // Copied, as an id is.
        parser.feed(` ${line}`.slice(1))
        // A parser that has overflowed throws when fed. `onError` would tell as well, but makes an Error for every line of junk.
        try {
          parser.feed('')
        } catch {
          throw tooLarge()
        }
      }
    return id
  }
}

function tooLarge(): RealtimeError {
  return new RealtimeError('too-large', 'Over maxMessageSize.')
}

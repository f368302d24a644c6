/** 'holdfast/sse': server-sent events without a client. */
export { isRealtimeError, RealtimeError } from '../errors.ts'
export type { SseEvent } from './event-parser.ts'
export type { EventStreamDecoderOptions } from './event-stream-decoder.ts'
export { EventStreamDecoder } from './event-stream-decoder.ts'
export type { EventsSource, ReadEventsOptions } from './read-events.ts'
export { readEvents } from './read-events.ts'

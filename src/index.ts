/** The front page: what `import … from 'holdfast'` gives. */
export { createClient } from './client.ts'
export type { Codec, Frame, Inbound, Message } from './codec.ts'
export { binary } from './codecs/binary.ts'
export { json } from './codecs/json.ts'
export { text } from './codecs/text.ts'
export type { Environment, PageEvent, PageOrigin } from './environment.ts'
export type { ErrorCode, ErrorDetails } from './errors.ts'
export { isRealtimeError, RealtimeError } from './errors.ts'
export type {
  AnyEvents,
  ClientOptions,
  ConnectionState,
  DuplexClient,
  EventMap,
  Handshake,
  HeartbeatOptions,
  IterateOptions,
  LifecycleOptions,
  ListenOptions,
  Meta,
  QueueOptions,
  RealtimeClient,
  ReconnectOptions,
  ReconnectPolicy,
  SendOptions,
  Unsubscribe,
} from './realtime-client.ts'
export type { StandardSchemaV1 } from './standard-schema.ts'
export type {
  Attempt,
  DuplexTransport,
  EndPolicy,
  Link,
  LinkObserver,
  LinkRequest,
  LinkSession,
  Provider,
  Transport,
} from './transport.ts'
export type { EventSourceOptions } from './transports/event-source.ts'
export { eventSource } from './transports/event-source.ts'
export type { FallbackOptions } from './transports/experience.ts'
export { fallback } from './transports/fallback.ts'
export type { FetchStreamOptions } from './transports/fetch-stream.ts'
export { fetchStream } from './transports/fetch-stream.ts'
export type { WithUpstreamOptions } from './transports/upload.ts'
export type { WebSocketOptions } from './transports/web-socket.ts'
export { webSocket } from './transports/web-socket.ts'
export { withUpstream } from './transports/with-upstream.ts'

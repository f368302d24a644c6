/** The client as an application sees it. Types only. */
import type { Codec, Frame } from './codec.ts'
import type { Environment } from './environment.ts'
import type { RealtimeError } from './errors.ts'
import type { StandardSchemaV1 } from './standard-schema.ts'
import type { Attempt } from './transport.ts'

/** Event name → payload type, written by the user as an `interface` or a `type`. */
export type EventMap = object
/** What is assumed when the user names no map: any event, any payload. */
// biome-ignore lint/suspicious/noExplicitAny: a payload nobody has typed is `any` on purpose, as in JSON.parse
export type AnyEvents = Record<string, any>
type Name<Events> = keyof Events & string

/** What is known of one message besides its payload. */
export interface Meta<Event extends string = string> {
  /** Name of the event. */
  readonly event: Event
  /**
   * SSE: the stream's last event id as of this message, as EventSource has it
   * (https://html.spec.whatwg.org/multipage/server-sent-events.html#dispatchMessage). Otherwise the codec's id for
   * this message. `''` if there is none.
   */
  readonly id: string
  /** Name of the transport that delivered it: 'websocket', 'eventsource', … */
  readonly transport: string
  /** `Date.now()` at receipt. */
  readonly receivedAt: number
}

/** Ends the subscription it came from. Idempotent. */
export type Unsubscribe = () => void

/** How long a subscription lasts. Without options, until its `Unsubscribe` is called. */
export interface ListenOptions {
  /** Ends the subscription when aborted; a signal that is aborted already makes none. */
  readonly signal?: AbortSignal | undefined
  /** Calls the listener once: the subscription ends just before that call. @default false */
  readonly once?: boolean | undefined
}

/**
 * Where a connection stands. A new frozen object at every change and the same reference in between, so it can be a
 * framework's snapshot.
 */
export type ConnectionState =
  /** Never connected yet. */
  | { readonly status: 'idle' }
  /** `attempt` is the number of the current try; `error` is why the one before it ended. */
  | { readonly status: 'connecting'; readonly attempt: number; readonly error?: RealtimeError }
  /** `openedAt` is an epoch time in milliseconds; `protocol` is the negotiated WebSocket subprotocol, absent without one. */
  | { readonly status: 'open'; readonly transport: string; readonly openedAt: number; readonly protocol?: string }
  /** Between two attempts. `attempt` is the next one's number, `retryAt` its epoch time, for "reconnecting in 5 s". */
  | { readonly status: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly error: RealtimeError }
  /** Deliberately not trying, until the reason goes away. */
  | {
      readonly status: 'suspended'
      readonly reason: 'offline' | 'hidden' | 'frozen'
      readonly error?: RealtimeError
    }
  /** `error` tells a failure from a plain `close()`. `connect()` works again from here. */
  | { readonly status: 'closed'; readonly error?: RealtimeError }

/** The receiving half: what every transport gives. */
export interface RealtimeClient<In extends EventMap = AnyEvents> {
  /** Where the connection stands now. */
  readonly state: ConnectionState
  /**
   * Last id received, as far as the platform tells, whatever became of its message (duplicates and unreadable ones
   * included). A stream sends it with the next attempt whenever it is not empty; the URL function of a WebSocket gets it.
   */
  readonly lastEventId: string

  /**
   * `createClient` does not connect: this does, from any state, with attempt 1. A no-op while connecting or open; ends
   * a wait at once. Never throws for what the network does.
   */
  connect(): void
  /** Replaces the link now, without a backoff penalty; listeners, queue and lastEventId stay. From 'idle' or 'closed' the same as `connect()`. */
  reconnect(): void
  /**
   * Ends everything from any state, synchronously: no timer, listener, socket or request is left. Idempotent. What was
   * still queued is dropped, and `onError` told once ('aborted').
   *
   * `code` (1000, or 3000–4999) and `reason` (at most 123 bytes of UTF-8) are for the server, as in
   * https://websockets.spec.whatwg.org/#dom-websocket-close; others throw 'invalid-config' before anything changes.
   */
  close(code?: number, reason?: string): void
  /**
   * Resolves when open (at once if it is; it does not connect). Rejects with the error that closed the client ('aborted' on a plain
   * `close()`), or with the signal's reason.
   */
  opened(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>

  /**
   * Calls `listener` for every message of this name, in the order of arrival. A listener that throws is told to
   * `onError` ('listener'), and the others still hear. Each call of `on` is a subscription of its own.
   */
  on<E extends Name<In>>(event: E, listener: (data: In[E], meta: Meta<E>) => void, options?: ListenOptions): Unsubscribe
  /** Every event, after the listeners of its own name. */
  onAny(listener: (data: In[Name<In>], meta: Meta<Name<In>>) => void, options?: ListenOptions): Unsubscribe
  /**
   * Every change of `state` from now on, in order. A change that a later one has overtaken is skipped for listeners that
   * have not heard it yet; `previous` is the state that was left, also where that one was skipped.
   */
  onState(listener: (state: ConnectionState, previous: ConnectionState) => void, options?: ListenOptions): Unsubscribe
  /**
   * Everything that went wrong, the fatal and the survived, each once: every ended try or link, every frame that could not be used.
   * Without a listener nothing is printed.
   */
  onError(listener: (error: RealtimeError) => void, options?: ListenOptions): Unsubscribe

  /**
   * One event as an async iterator: `for await (const data of client.events('chat'))`. It listens from this call on, and
   * keeps what comes while its consumer is busy, up to `limit`. When the client closes, it hands over what it has kept and
   * then ends, or throws the error that closed the client; `break` and `return()` release it. When the signal is aborted,
   * it throws the signal's reason at once. Every `next()` gets a message of its own, and every iterator gets every message.
   */
  events<E extends Name<In>>(event: E, options?: IterateOptions): AsyncIterableIterator<In[E]>
}

/** How an iterator keeps what its consumer has not taken yet. */
export interface IterateOptions {
  /** When aborted, the iterator throws the signal's reason and drops what it has kept. */
  readonly signal?: AbortSignal | undefined
  /** Messages kept while the consumer is busy. @default 1000 */
  readonly limit?: number | undefined
  /**
   * What happens to a message beyond `limit`. With 'throw' the iterator hands over what it has kept and then fails with
   * 'queue-full'; the other two drop a message silently. @default 'throw'
   */
  readonly whenFull?: 'throw' | 'drop-oldest' | 'drop-newest' | undefined
}

/** Both halves: what a WebSocket, or a stream with an upstream, gives. */
export interface DuplexClient<In extends EventMap = AnyEvents, Out extends EventMap = AnyEvents>
  extends RealtimeClient<In> {
  /**
   * 'sent' = handed to the browser, without a bound: pace with `drained`; 'queued' = goes out in order on open (also from
   * 'idle'); 'dropped' = the queue was full and its policy is 'drop-newest', or the message was volatile and could not go
   * out at once.
   *
   * Throws 'queue-full' over the queue's bounds, 'not-open' where it would wait and the queue is off or the client closed,
   * 'receive-only' on a transport that cannot send, 'invalid-config' for what the codec cannot write.
   */
  send<E extends Name<Out>>(
    event: E,
    ...data: undefined extends Out[E] ? [data?: Out[E], options?: SendOptions] : [data: Out[E], options?: SendOptions]
  ): 'sent' | 'queued' | 'dropped'
  /** Bytes handed over but not yet on the wire, plus bytes queued. Text counts as UTF-8. */
  readonly bufferedAmount: number
  /**
   * Resolves when `bufferedAmount` is at or below `below` bytes (default 0), for a sender that keeps pace with its link.
   * Rejects when the client closes ('aborted', or the error that closed it), or with the signal's reason. No platform
   * tells when bytes have gone out, so `drained` polls, every 2 to 50 milliseconds, while the link is open.
   *
   * @example
   * for (const chunk of chunks) {
   *   client.send('chunk', chunk)
   *   await client.drained({ below: 1_000_000 })
   * }
   */
  drained(options?: { readonly below?: number | undefined; readonly signal?: AbortSignal | undefined }): Promise<void>
}

/** How long a message may wait, if at all. */
export interface SendOptions {
  /** Milliseconds after which a message that is still queued is dropped, not sent; `onError` hears 'expired'. @default Infinity */
  readonly ttl?: number | undefined
  /**
   * Now or not at all: 'dropped' when not open, when more than 64 KiB still wait to go out, or while a POST is under way
   * (`withUpstream`). For cursors, positions, typing. @default false
   */
  readonly volatile?: boolean | undefined
}

/** What `createClient` takes besides the transport. Durations are milliseconds; `createClient` throws 'invalid-config' for a wrong value. */
export interface ClientOptions<In extends EventMap = AnyEvents> {
  /** How frames are read and written. @default json() */
  readonly codec?: Codec | undefined
  /**
   * Standard Schema validators (https://standardschema.dev: Zod, Valibot, ArkType, …) by event, which also infer `In`.
   * Listeners get what the schema makes of a payload. A payload that does not fit goes to no listener; `onError` hears
   * 'invalid', with the schema's issues as `cause`. While an asynchronous validator works, everything that arrives waits
   * in line; a client that closes drops what waits, and tells `onError` how much ('aborted').
   *
   * @example { chat: z.object({ text: z.string() }) }
   */
  readonly schemas?: { readonly [E in keyof In]?: StandardSchemaV1<unknown, In[E]> } | undefined
  /**
   * When to try again. `false` closes the client at the first failure.
   *
   * @default { minDelay: 1000, maxDelay: 30_000, factor: 2, maxAttempts: Infinity, stableAfter: 5000 }, each delay drawn between 20 % and 100 %
   */
  readonly reconnect?: false | ReconnectOptions | ReconnectPolicy | undefined
  /** One deadline for URL, credentials and handshake together, in milliseconds. @default 10_000 */
  readonly openTimeout?: number | undefined
  /**
   * Runs on every new link before it counts as open: sign in, subscribe again, wait for the server's welcome. The state
   * stays 'connecting', the queue waits, `openTimeout` covers it. A rejection ends the attempt; a RealtimeError keeps its
   * code, so `throw new RealtimeError('unauthorized')` asks for fresh credentials.
   *
   * @example
   * async ({ send, next }) => {
   *   send('hello', { token })
   *   await next('welcome')
   * }
   */
  readonly handshake?: ((link: Handshake) => void | Promise<void>) | undefined
  /** Notices a link that died silently. Off unless given; `{}` is on with the defaults. @default false */
  readonly heartbeat?: false | HeartbeatOptions | undefined
  /** What becomes of the link when the page is hidden. */
  readonly lifecycle?: LifecycleOptions | undefined
  /** Bounds of what is sent while not open. With `false` nothing is held: `send()` throws 'not-open' instead. */
  readonly queue?: false | QueueOptions | undefined
  /**
   * How many of the newest ids are remembered: a message with one of them is dropped, since what a server sends again after
   * a resume may overlap. A message with the same id as the one just before it on the same link is no repetition, since the
   * id of an event stream holds until the stream names another. 0 turns it off. @default 0
   */
  readonly dedupe?: number | undefined
  /** One inbound message over this many characters (bytes, where binary) closes the client with 'too-large' instead of filling memory. @default 16_777_216 */
  readonly maxMessageSize?: number | undefined
  /** Where to resume from, for example from the page's own state. @default '' */
  readonly lastEventId?: string | undefined
  /** Closes the client when aborted; from then on `connect()` does nothing. */
  readonly signal?: AbortSignal | undefined
  /** The clock, timers, randomness and what is known of the page; for tests and unusual hosts. */
  readonly environment?: Environment | undefined
}

/** Milliseconds, all of them but `factor` and `maxAttempts`. */
export interface ReconnectOptions {
  /** Upper end of the first wait. 0 stays 0, however many tries fail: not for a server that may be down. @default 1000 */
  readonly minDelay?: number | undefined
  /** Upper end of every wait, unless the server asks for a longer one: `Retry-After`, up to ten times this. @default 30_000 */
  readonly maxDelay?: number | undefined
  /** How much the upper end grows with every failed try. @default 2 */
  readonly factor?: number | undefined
  /** So many tries in a row without a stable link close the client. @default Infinity */
  readonly maxAttempts?: number | undefined
  /** The attempt counter starts again only after a link stayed open this long. @default 5000 */
  readonly stableAfter?: number | undefined
}

/**
 * Decides delay and stop in one place: milliseconds until the next attempt, taken as they are up to 23 days, or `null` to stop.
 * `attempt` is the number of that attempt; `elapsed` counts milliseconds since the loss or the first failed try. A policy that
 * throws, or returns anything else, closes the client with 'invalid-config'. Do not `send` from it: the message may go down with
 * the link that has failed.
 *
 * @example ({ attempt, random }) => (attempt > 8 ? null : 500 * attempt * (0.5 + random() / 2))
 */
export type ReconnectPolicy = (context: {
  readonly attempt: number
  readonly error: RealtimeError
  readonly elapsed: number
  readonly random: () => number
}) => number | null

/** What a handshake can do with its link. Once it has settled, or the link is over, `send` throws and `next` rejects ('aborted'). */
export interface Handshake {
  /** The attempt that led to this link: its number, the last id, and why the link before it ended. */
  readonly attempt: Attempt
  /** Goes out at once, before the queue. Throws 'receive-only' where the transport cannot send. */
  send(event: string, data?: unknown): void
  /** The next message of this name on this link. It is not delivered to listeners; all others are, as usual. */
  next(event: string): Promise<unknown>
}

/** Milliseconds. */
export interface HeartbeatOptions {
  /**
   * Silence after which the link is probed, where it can be; where it cannot, it is given up after `idle + timeout`.
   * @default 30_000
   */
  readonly idle?: number | undefined
  /** How long an answer to the probe may take. Anything received counts as an answer. @default 5000 */
  readonly timeout?: number | undefined
  /** What to send as a probe: an event of your own that the server answers, or a function that makes a frame. Without it none is sent. */
  readonly probe?: { readonly event: string; readonly data?: unknown } | (() => Frame) | undefined
}

/** What the client does when nobody sees the page. */
export interface LifecycleOptions {
  /** A hidden page keeps its link, or gives it up after so many milliseconds and takes it back when shown. @default 'keep' */
  readonly hidden?: 'keep' | number | undefined
}

/** Holds what is sent while not open. */
export interface QueueOptions {
  /** How many wait at most. @default 256 */
  readonly maxMessages?: number | undefined
  /** How many bytes wait at most; text counts as UTF-8. @default 1_048_576 */
  readonly maxBytes?: number | undefined
  /**
   * 'drop-oldest' makes room and tells `onError` ('queue-full') once per dropped message; 'drop-newest' returns
   * 'dropped'. One message larger than `maxBytes` throws under every policy. @default 'throw'
   */
  readonly whenFull?: 'throw' | 'drop-oldest' | 'drop-newest' | undefined
}

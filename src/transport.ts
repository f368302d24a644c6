/** The seam between the client and what carries its frames. Types only. */
import type { Frame, Inbound } from './codec.ts'
import type { Environment } from './environment.ts'
import type { RealtimeError } from './errors.ts'

/** What is known when an attempt starts; URL, header and credential functions get it at every attempt. */
export interface Attempt {
  /** 1 for the first try, one more after every try that did not lead to a stable link. */
  readonly attempt: number
  /** The client's `lastEventId` at the moment of reading, so read it when it is needed. */
  readonly lastEventId: string
  /** Why the try or link before this one ended. 'unauthorized' asks for fresh credentials, and stays until a link opens. */
  readonly error?: RealtimeError | undefined
  /** Aborts when the attempt has failed, timed out or was closed, or when the link that it led to is over. */
  readonly signal: AbortSignal
}

/** A value, or a function that makes one at every attempt. If it throws, the attempt has failed. */
export type Provider<T> = T | ((attempt: Attempt) => T | Promise<T>)

/**
 * A way to open links, one attempt each. A stateless value, which any number of clients may share.
 *
 * `open` never throws and reports nothing before it has returned. `opened` comes only when the answer is known to be
 * good, `ended` exactly once and last. A transport over a platform's API has no retry, no deadline and no queue: the
 * client has them.
 */
export interface Transport {
  /** For `state.transport` and `meta.transport`. */
  readonly name: string
  /** Begins one attempt and returns at once; the observer hears what comes of it. Never throws. */
  open(request: LinkRequest, observer: LinkObserver): Link
}

/** A transport whose links can send. */
export interface DuplexTransport extends Transport {
  /** Says that `Link.send` is there. */
  readonly duplex: true
}

/** One attempt, as the client asks a transport for it. */
export interface LinkRequest extends Attempt {
  /** Epoch time at which the attempt is over, for transports that try several things. */
  readonly deadline: number
  /** Names with a listener or a schema now; later ones come through `Link.listen`. */
  readonly events: readonly string[]
  /** In characters, or bytes where binary. The client checks whole messages; a transport that collects one piece by piece stops here. */
  readonly maxMessageSize: number
  /** The client's clock, timers and randomness: a transport uses no others. */
  readonly environment: Environment
  /** For transports whose work outlives a link. Absent where `open` is called without a client. */
  readonly session?: LinkSession | undefined
}

/** A client from `connect()` until it is closed, however many links that takes. */
export interface LinkSession {
  /** Aborts when the client is closed, whether a link is there or not. The same object for every link of the session. */
  readonly signal: AbortSignal
  /** Bytes under way that belong to no link, counted by the transport. Of no account while a link has a `bufferedAmount`. */
  bufferedAmount: number
  /** The client's, in milliseconds. The `deadline` of a link may be sooner. */
  readonly openTimeout?: number | undefined
  /** Tells `onError` of a failure that ends no link. */
  report(error: RealtimeError): void
  /** Says that a link which was busy takes frames again. */
  ready(): void
  /** A transport may set it, to hear when its link counts as open: the handshake is done, and the queue not yet sent. */
  welcomed?: (() => void) | undefined
}

/** What a link tells the client. */
export interface LinkObserver {
  /**
   * The link is known to be good. `transport` names what really carries it; `shared` says that another client has done the
   * handshake and does the heartbeat; `protocol` is the negotiated subprotocol.
   */
  opened(info?: {
    readonly transport?: string | undefined
    readonly shared?: boolean | undefined
    readonly protocol?: string | undefined
  }): void
  /** `receivedAt` is the epoch time of receipt, by default that of the call: with many frames at once, the clock need be read only once. */
  received(frame: Inbound, receivedAt?: number): void
  /**
   * Something arrived that is no message: a comment, a pong. `id` is the stream's last one, which may have come without an event. `null` says
   * that another connection carries the stream from here on: a message with the same id as the one before it is now a repetition.
   */
  alive(id?: string | null): void
  /** The server's wish for the waits to come, in milliseconds. */
  retryAfter(ms: number): void
  /**
   * The link is being restored by the platform itself (native EventSource), or by another tab; `opened` or `ended` follows. `retryAt`
   * is the epoch time at which that is expected. With 'aborted' nothing has failed.
   */
  interrupted(error: RealtimeError, retryAt: number): void
  /** Once, and nothing after it. */
  ended(error: RealtimeError): void
}

/** One connection, from its attempt to its end. All but `close` is optional. */
export interface Link {
  /**
   * Hands one frame to the platform. Throws 'not-open' where that takes none (its socket is closing): the frame then stays
   * with the client and goes out on the next link. Anything else that it throws ends the link.
   */
  send?(frame: Frame): void
  /** Instead of `send`, where there is a difference, for probes and frames of a handshake: they concern this link only, and go before the queue. */
  sendUrgent?(frame: Frame): void
  /** The link takes no more for now: messages stay with the client until `LinkSession.ready`. `sendUrgent` takes frames all the same. */
  readonly busy?: boolean
  /** Bytes handed over that are not yet on the wire. */
  readonly bufferedAmount?: number
  /** Whether the link leads to this very machine, so that being offline does not concern it. */
  readonly isLocal?: boolean
  /** What to look at when nothing comes of the attempt. */
  readonly clue?: { readonly hint: string }
  /** Another event name has a listener now. */
  listen?(event: string): void
  /** Idempotent, silent, from then on the observer hears nothing. */
  close(code?: number, reason?: string): void
}

/** What the end of a link means. Return `undefined` to leave it to the defaults. */
export type EndPolicy = (end: {
  readonly status?: number
  readonly closeCode?: number
  readonly closeReason?: string
}) => 'retry' | 'stop' | 'reauthorize' | undefined

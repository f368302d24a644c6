/** The seam between the client and what carries its frames. Types only. */
import type { Frame, Inbound } from './codec.ts'
import type { Environment } from './environment.ts'
import type { RealtimeError } from './errors.ts'

/** What is known when an attempt starts; URL, header and credential functions get it at every attempt. */
export interface Attempt {
  /** 1 for the first try, one more after every try that did not lead to a stable link. */
  readonly attempt: number
  /** Read it when it is needed: it follows the client's. */
  readonly lastEventId: string
  /** Why the link before this one ended; code 'unauthorized' asks for fresh credentials. */
  readonly error?: RealtimeError | undefined
  /** Aborts when the attempt is over, timed out or closed. */
  readonly signal: AbortSignal
}

/** A value, or a function that makes one at every attempt. What it throws is a failed attempt. */
export type Provider<T> = T | ((attempt: Attempt) => T | Promise<T>)

/**
 * A way to open links, one attempt each. A stateless value, shared by as many clients as like.
 *
 * `open` never throws and reports nothing before it has returned. `opened` comes only when the answer is known to be
 * good, `ended` exactly once and last. One over a platform's API has no retry, no timer and no queue: the client has them.
 */
export interface Transport {
  /** For `state.transport` and `meta.transport`. */
  readonly name: string
  /** Begins one attempt and returns at once; what comes of it, the observer hears. Never throws. */
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
  /** Characters, or bytes where binary. The client checks what it receives; whoever collects a message piece by piece stops here. */
  readonly maxMessageSize: number
  /** The client's clock, timers and randomness: a transport uses no others. */
  readonly environment: Environment
  /** For transports whose work outlives a link. Absent where nobody but the caller of `open` is behind it. */
  readonly session?: LinkSession | undefined
}

/** A client from `connect()` until it is closed, however many links that takes. */
export interface LinkSession {
  /** Aborts when the client is closed, whether a link is there or not. The same object for every link of the session. */
  readonly signal: AbortSignal
  /** Bytes that are under way without a link, counted by the transport; where a link has a count of its own, that one is taken. */
  bufferedAmount: number
  /** The client's, which a link's share of it may fall short of. */
  readonly openTimeout?: number | undefined
  /** Something failed that ends no link: told to `onError`. */
  report(error: RealtimeError): void
  /** A link that was busy takes frames again. */
  ready(): void
  /** Set by a transport that wants to know when its link counts as open: the handshake is done, and the queue not yet sent. */
  welcomed?: (() => void) | undefined
}

/** What a link tells the client. */
export interface LinkObserver {
  /**
   * Known to be good. `transport` names what really carries it; `shared` says that another client has done the
   * handshake and does the heartbeat; `protocol` is the negotiated subprotocol.
   */
  opened(info?: {
    readonly transport?: string | undefined
    readonly shared?: boolean | undefined
    readonly protocol?: string | undefined
  }): void
  /** `receivedAt`, an epoch time, spares the clock where many frames come at once. */
  received(frame: Inbound, receivedAt?: number): void
  /**
   * Something arrived that is no message: a comment, a pong. `id` is the stream's last one, which may have come without an event. `null` says
   * that another connection carries from here on: an id like that of the message before is a repetition now.
   */
  alive(id?: string | null): void
  /** The server's wish for the waits to come, in milliseconds. */
  retryAfter(ms: number): void
  /**
   * The link is being restored by the platform itself (native EventSource), or by another tab; `opened` or `ended` follows. With
   * 'aborted' nothing has failed.
   */
  interrupted(error: RealtimeError, retryAt: number): void
  /** Once, and nothing after it. */
  ended(error: RealtimeError): void
}

/** One connection, from its attempt to its end. All but `close` is optional. */
export interface Link {
  /**
   * Hands one frame to the platform. Throws only when the platform takes none (its socket is closing): the frame then
   * stays with the client and goes out on the next link.
   */
  send?(frame: Frame): void
  /** The same for a handshake's frame and a probe, where it makes a difference: they concern this link only, and go before the queue. */
  sendUrgent?(frame: Frame): void
  /** Takes no more for now: messages stay with the client until `LinkSession.ready`. What is urgent is taken all the same. */
  readonly busy?: boolean
  /** Bytes handed over that are not yet on the wire. */
  readonly bufferedAmount?: number
  /** Whether it leads to this very machine, which being offline does not concern. */
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

/** What the contract suite asks of an environment: peers in all circumstances, and what each of them has seen. */
import type { ErrorCode } from '../../src/errors.ts'
import type { Attempt, Transport } from '../../src/transport.ts'

/** What a peer has seen, as far as it can tell. */
export interface Seen {
  /** Links it was asked for. */
  readonly dials: number
  /** Those that neither side has ended. */
  readonly live: number
  /** Text as it is, bytes as `bytes 1,2,3`. */
  readonly received: readonly string[]
  /** How links that had been accepted were closed. */
  readonly closes: readonly { readonly code: number; readonly reason: string }[]
  /** One for every dial, oldest first. */
  readonly requests: readonly {
    readonly url: string
    readonly headers: Readonly<Record<string, string | string[] | undefined>>
  }[]
}

/** The facts of an end, as they must be reported; what is absent must not be there. */
export interface Facts {
  readonly code: ErrorCode
  readonly status?: number
  readonly closeCode?: number
  readonly closeReason?: string
  readonly wasClean?: boolean
}

/** A peer, and transports to it. */
export interface Circumstance {
  readonly transport: Transport
  /** Makes a transport to the same peer whose URL is asked for at every attempt. Absent where a transport takes no URL. */
  readonly provided?: ((provide: (url: string, attempt: Attempt) => string | Promise<string>) => Transport) | undefined
  seen(): Promise<Seen>
}

/** A circumstance in which the link ends by itself. */
export interface Ending extends Circumstance {
  readonly facts: Facts
}

export interface Circumstances {
  /** The name in `state.transport`, where that is not the transport's own. */
  readonly carrier?: string
  /** Accepts, and says nothing. */
  accepts(): Circumstance
  /** Ways in which a peer refuses before the link is open, after which the client waits and tries again. */
  readonly refusals: Readonly<Record<string, () => Ending>>
  /** Refusals that close the client. Absent where the transport cannot tell them from failures that may pass. */
  readonly dismissals?: Readonly<Record<string, () => Ending>>
  /** Never answers. */
  hangs(): Circumstance
  /** Accepts, sends these frames, and stays. */
  sends(frames: readonly string[]): Circumstance
  /** Accepts, sends these frames, and ends. */
  endsAfter(frames: readonly string[]): Ending
  /** A transport whose platform's constructor, or `fetch`, throws this. Absent where there is none. */
  readonly throws?: (cause: unknown) => Transport
  /** Whether the close code and reason reach the peer. */
  readonly tellsCloseCode: boolean
  /** A frame waits in the client until the peer has taken the one before it. */
  readonly sendsOneByOne?: boolean
}

/**
 * The one error class, and its closed set of codes. Knows nothing of transports. Whoever makes an error sees to it
 * that no URL, header or payload gets into its message: they carry credentials.
 */

/** What went wrong, as a closed set: a `switch` over it can be exhaustive. */
export type ErrorCode =
  /** The attempt failed: below HTTP, with a status that may pass (408, 425, 429, 5xx), or since a provider or the handshake threw. */
  | 'unreachable'
  /** The attempt's one deadline passed (URL, credentials and handshake together). */
  | 'timeout'
  /** Open, but nothing heard for longer than the heartbeat allows. */
  | 'silent'
  /** An open link ended (WebSocket close, end of stream, network error). */
  | 'lost'
  /** The server said: do not come back (HTTP 204, or a policy's 'stop'). */
  | 'ended'
  /** An HTTP status or close code that retrying cannot cure. */
  | 'refused'
  /** HTTP 401, close code 3000 or 4401: tried again once, with fresh credentials. */
  | 'unauthorized'
  /** 200 without `text/event-stream`. */
  | 'not-a-stream'
  /** `ws:` or `http:` from an https page. */
  | 'insecure'
  /** Bad URL, protocol or option: a programming mistake, with the fix in the message. */
  | 'invalid-config'
  /** The platform lacks what the transport needs. */
  | 'unsupported'
  /** A frame that the codec could not read. */
  | 'decode'
  /** A payload that its schema rejected. */
  | 'invalid'
  /** An inbound message over `maxMessageSize`. */
  | 'too-large'
  /** `send()` over the queue's bounds. */
  | 'queue-full'
  /** `send()` that would have to wait, with the queue off or the client closed. */
  | 'not-open'
  /** `send()` on a transport that cannot send. */
  | 'receive-only'
  /** A user's listener threw; `cause` is what it threw. */
  | 'listener'
  /** A queued message outlived its `ttl`. */
  | 'expired'
  /** `close()` cut off what was still waiting, or another tab takes the lead (`crossTab`): nothing has failed. */
  | 'aborted'

/** What a WebSocket close code means by default; what is not here may be tried again. */
export const closeCodes: { readonly [closeCode: number]: ErrorCode } = {
  1002: 'refused',
  1003: 'refused',
  1007: 'refused',
  1008: 'refused',
  1009: 'too-large',
  1010: 'refused',
  3000: 'unauthorized',
  4401: 'unauthorized',
}

/** What an error may carry besides its code and message. */
export interface ErrorDetails {
  /** Whether the client goes on by itself. @default by code, see {@link RealtimeError.retryable} */
  readonly retryable?: boolean | undefined
  /** HTTP status. */
  readonly status?: number | undefined
  /** WebSocket close code, as it was reported: https://websockets.spec.whatwg.org/#closeevent */
  readonly closeCode?: number | undefined
  /** WebSocket close reason, as it was reported. */
  readonly closeReason?: string | undefined
  /** Whether the closing handshake was completed. */
  readonly wasClean?: boolean | undefined
  /** The server's wish for the next attempt, in milliseconds. */
  readonly retryAfter?: number | undefined
  /** What to look at, in one sentence. */
  readonly hint?: string | undefined
  /** What was thrown underneath, or a schema's issues. Not enumerable. */
  readonly cause?: unknown
}

/** In the registry of all realms, so that two copies of the library recognize each other's errors. */
const brand = /* @__PURE__ */ Symbol.for('holdfast.RealtimeError')

/** Everything that can go wrong, in one class: told to `onError`, kept in `state.error`, thrown for a usage mistake. */
export class RealtimeError extends Error {
  /** What went wrong, by which a program decides. */
  declare readonly code: ErrorCode
  /**
   * Whether the client goes on by itself to restore the link: by default true for 'unreachable', 'timeout', 'silent',
   * 'lost' and a first 'unauthorized', false for all others.
   */
  declare readonly retryable: boolean
  /** HTTP status, where there was one. */
  declare readonly status?: number
  /** WebSocket close code as the platform reported it: https://websockets.spec.whatwg.org/#closeevent */
  declare readonly closeCode?: number
  /** WebSocket close reason as the platform reported it. */
  declare readonly closeReason?: string
  /** Whether the closing handshake was completed, as the platform reported it. */
  declare readonly wasClean?: boolean
  /** The server's own wish for the next attempt, in milliseconds. */
  declare readonly retryAfter?: number
  /** What the evidence suggests to look at, in one sentence. */
  declare readonly hint?: string

  constructor(code: ErrorCode, message: string = code, details: ErrorDetails = {}) {
    super(message, details)
    const {
      // Kept out of `facts`, since it has no setter here. Details that are spread from an error of a subclass may hold one.
      name,
      retryable = ['unreachable', 'timeout', 'silent', 'lost', 'unauthorized'].includes(code),
      ...facts
    } = details as ErrorDetails & { readonly name?: string }
    // `cause` stays as Error has made it, not enumerable.
    Object.assign(this, facts, { code, retryable })
  }

  /** Always 'RealtimeError', in minified code as well. */
  override get name(): 'RealtimeError' {
    return 'RealtimeError'
  }

  /** @internal Not in the declarations: two copies' errors would not be assignable to each other. */
  get [brand](): true {
    return true
  }
}

/** Works across realms and bundles, where `instanceof` does not. */
export function isRealtimeError(value: unknown): value is RealtimeError {
  return !!(value as Partial<RealtimeError> | null | undefined)?.[brand]
}

/**
 * What `who` threw: as it is where it is a RealtimeError, otherwise as the `cause` of one with this code.
 * The platform's own exceptions are no cause: they quote the URL, the protocol, a header or the payload.
 */
export function asError(cause: unknown, code: ErrorCode = 'lost', who = 'A provider'): RealtimeError {
  if (isRealtimeError(cause)) return cause
  // In Node, fetch throws an error whose own cause quotes the URL that was not reached, or holds in `data` the bytes that were not understood.
  const within = Object(Object(cause).cause)
  return new RealtimeError(code, `${who} threw.`, quotes(cause) || quotes(within) || within.data ? {} : { cause })
}

/** Whether it quotes what is secret. `within` is the list that `thrown` is from: a list in a list, which may be the same one, is not searched. */
function quotes(thrown: unknown, _?: unknown, within?: unknown): unknown {
  // Nothing is converted to a string: what is thrown may not allow it. Bun has the URL in `path`; Headers quotes the value, which an
  // application's own message about headers seldom does.
  const { message = thrown, path, errors } = Object(thrown)
  return (
    thrown instanceof DOMException ||
    thrown instanceof SyntaxError ||
    [message, path].some((text) => text?.match?.(/URL|valid header|eader.{0,99}"|:\/\//)) ||
    // An AggregateError, as of `Promise.any`, holds others.
    (!within && errors?.some?.(quotes))
  )
}

/** For usage mistakes: throws there and then, with a message that says what to write instead. */
export function must(condition: unknown, message: string): asserts condition {
  if (!condition) throw new RealtimeError('invalid-config', message)
}

export function mustBeNumbers(least: number, options: Readonly<Record<string, unknown>>): void {
  // Not `for … in`: an old library may have put something into Object.prototype.
  for (const [name, value] of Object.entries(options)) {
    must(typeof value === 'number' && value >= least, `${name} must be at least ${least}.`)
  }
}

/** What to do with an entry over the bounds. */
export function mustBePolicy(whenFull: unknown): void {
  const policies = ['throw', 'drop-oldest', 'drop-newest']
  must(policies.includes(whenFull as string), `whenFull must be ${policies}.`)
}

export function mustBeFunction(value: unknown, name: string): void {
  must(typeof value === 'function', `${name} must be a function.`)
}

export function mustBeSignal(signal: AbortSignal | undefined): void {
  if (signal) mustBeFunction(signal.addEventListener, 'signal.addEventListener')
}

export function mustBeText(value: unknown, name = 'The event'): void {
  must(typeof value === 'string', `${name} must be a string.`)
}

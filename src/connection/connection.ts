/**
 * Runs the machine against a transport: dials, waits, gives up, and owns what each status holds (the link, its abort
 * signal, one timer). Knows neither codecs nor listeners, and no transport in particular.
 *
 * Every link has a generation. A link that was replaced, however late it speaks, speaks for a generation that is over.
 */
import type { Frame, Inbound } from '../codec.ts'
import { encodeUtf8 } from '../codecs/bytes.ts'
import { platform } from '../environment.ts'
import { asError, must, mustBeFunction, mustBeNumbers, RealtimeError } from '../errors.ts'
import type { ClientOptions, ConnectionState, RealtimeClient } from '../realtime-client.ts'
import type { Link, LinkObserver, Transport } from '../transport.ts'
import { createBackoff } from './backoff.ts'
import { close, connect, interrupted, opened, reconnect, redial, retry, type Signal, transition } from './machine.ts'
import { createTurns, type Turns } from './turns.ts'

/** What the connection asks of the client, and tells it. */
export interface ConnectionHooks {
  /** Event names that have a listener now. */
  names(): readonly string[]
  deliver(frame: Inbound, transport: string, receivedAt: number): void
  /** Every change, in the moment it happens. Must not call listeners before the turn is over. */
  changed(state: ConnectionState, previous: ConnectionState): void
  failed(error: RealtimeError): void
}

export interface Connection extends Pick<RealtimeClient, 'state' | 'connect' | 'reconnect' | 'close'> {
  /** Moved by the client, which alone can read the ids inside frames. */
  lastEventId: string
  /** Whether the platform took the frame. */
  send(frame: Frame): boolean
  listen(event: string): void
  readonly act: Turns['act']
  readonly tell: Turns['tell']
}

/** What the user's `close` has to say to the server. */
type Farewell = Parameters<Link['close']>
type OpenInfo = Parameters<LinkObserver['opened']>[0]

/** Why the link before this one ended. */
type Reason = { readonly error?: RealtimeError }

export function createConnection(transport: Transport, options: ClientOptions, hooks: ConnectionHooks): Connection {
  const { environment = platform, openTimeout = 10_000, maxMessageSize = 16_777_216, signal: owner } = options
  mustBeFunction(transport?.open, 'transport.open')
  if (owner) mustBeFunction(owner.addEventListener, 'signal.addEventListener')
  mustBeNumbers(1, { openTimeout, maxMessageSize })
  const backoff = createBackoff(options.reconnect)
  const turns = createTurns()

  let state: ConnectionState = Object.freeze({ status: 'idle' })
  /** Aborted when the generation is over: the link of an older one is not heard. */
  let life = begin()
  let link: Link | undefined
  let cancelTimer: (() => void) | undefined

  /** The number of the current or next try: one more than those in a row that led to no stable link. */
  let attempt = 1
  /** When the current run of bad luck began: the loss, or the first failed try. */
  let troubleSince: number | undefined
  let carrier = transport.name
  /** A refusal was answered with fresh credentials, and no stable link has come of it yet. */
  let reauthorized = false
  let streamRetry = 0

  /**
   * Takes the step that the machine has for this signal, if any. The new state comes first, so that whatever runs next
   * sees it; then the old status lets go of what it held; then the new one acquires: `ended` hears the end of its time.
   */
  function step(signal: Signal, facts: object, time?: number, ended = onExpired, ...farewell: Farewell): void {
    const status = transition(state.status, signal)
    if (!status) return

    const previous = state
    state = Object.freeze({ status, ...facts } as ConnectionState)
    cancelTimer?.()
    cancelTimer = undefined
    hooks.changed(state, previous)
    if (signal !== opened && signal !== interrupted) {
      const oldLife = life
      const oldLink = link
      life = begin()
      link = undefined
      const mine = life
      endLink(oldLink, ...farewell)
      oldLife.abort()
      // Letting go runs abort listeners of the user's. Where one of them has called something, its call counts.
      if (life !== mine) return
    }
    if (time !== undefined) cancelTimer = environment.setTimer(heard(ended), time)
    if (status === 'connecting') dial()
  }

  function endLink(old: Link | undefined, ...farewell: Farewell): void {
    try {
      old?.close(...farewell)
    } catch (cause) {
      hooks.failed(asError(cause))
    }
  }

  function dial(): void {
    const observer = observe()
    const { signal } = life
    try {
      const dialed = transport.open(
        {
          attempt,
          error: (state as Reason).error,
          signal,
          deadline: environment.now() + openTimeout,
          get events() {
            return hooks.names()
          },
          maxMessageSize,
          environment,
          get lastEventId() {
            return connection.lastEventId
          },
        },
        observer,
      )
      // A provider may have closed or replaced this attempt before `open` returned.
      if (signal.aborted) endLink(dialed)
      else link = dialed
    } catch (cause) {
      observer.ended(asError(cause, 'unreachable'))
    }
  }

  /** Runs `handle` in a turn, as long as the generation of now is not over. Allocates here, not at the call. */
  function heard<A = void, B = void>(handle: (a: A, b: B) => void): (a: A, b: B) => void {
    const { signal } = life
    const task = (a: A, b: B) => {
      if (!signal.aborted) handle(a, b)
    }
    return (a, b) => turns.arrive(task, a, b)
  }

  /** What a link may report, in its own generation. */
  function observe(): LinkObserver {
    const observer: { readonly [Report in keyof LinkObserver]: (a: never, b: never) => void } = {
      opened: heard(({ transport: name = transport.name, protocol }: OpenInfo = {}) => {
        carrier = name
        step(opened, { transport: name, openedAt: environment.now(), ...(protocol && { protocol }) })
      }),
      received: heard((frame: Inbound) => {
        const size = (frame.data as string).length ?? (frame.data as ArrayBuffer).byteLength
        if (size > maxMessageSize) onEnded(new RealtimeError('too-large', 'Over maxMessageSize.'))
        else hooks.deliver(frame, carrier, environment.now())
      }),
      alive() {},
      retryAfter: heard((ms: number) => {
        if (ms >= 0) streamRetry = ms
      }),
      interrupted: heard((error: RealtimeError, retryAt: number) => {
        // What opens only to be lost again is restored by the client, which waits longer each time.
        if (!backoff.finalFailure || attempt > 5) return onEnded(error)
        // The platform's own tries are none of the client's.
        if (state.status === 'open') countSetback()
        hooks.failed(error)
        step(interrupted, { attempt, retryAt, error }, retryAt + openTimeout - environment.now())
      }),
      ended: heard(onEnded),
    }
    return observer as LinkObserver
  }

  function onExpired(): void {
    onEnded(new RealtimeError('timeout', `Not open in ${openTimeout} ms.`))
  }

  function onEnded(reported: RealtimeError): void {
    let error = asError(reported)
    const elapsed = countSetback()
    // A second refusal in a row, with credentials that were fresh, is final: no loop with a dead token.
    if (error.code === 'unauthorized' && reauthorized) {
      error = new RealtimeError('unauthorized', error.message, { ...error, cause: error.cause, retryable: false })
    }
    hooks.failed(error)

    const { signal } = life
    const verdict = backoff.decide({ attempt, error, elapsed, random: () => environment.random() }, streamRetry)
    // A policy of the user's may have closed or connected; then that counts.
    if (signal.aborted) return

    if (typeof verdict !== 'number') {
      if (verdict !== error) hooks.failed(verdict)
      step(close, { error: verdict })
    } else if (error.code === 'unauthorized') {
      reauthorized = true
      again(redial, { error })
    } else step(retry, { attempt, retryAt: environment.now() + verdict, error }, verdict, () => again(redial))
  }

  /** Returns how long the trouble has lasted. */
  function countSetback(): number {
    const now = environment.now()
    if (state.status === 'open' && now - state.openedAt >= backoff.stableTime) startAfresh()
    else attempt += 1
    troubleSince ??= now
    return now - troubleSince
  }

  function startAfresh(): void {
    attempt = 1
    troubleSince = undefined
    reauthorized = false
  }

  function again(signal: Signal, { error } = state as Reason): void {
    step(signal, { attempt, ...(error && { error }) }, openTimeout)
  }

  /** A call of the user's that dials, where the machine lets it. */
  function call(signal: Signal): void {
    turns.act(() => {
      if (owner?.aborted || !transition(state.status, signal)) return
      startAfresh()
      streamRetry = 0
      again(signal)
    })
  }

  /** A new generation, which listens to the user's signal as long as there is something to close. */
  function begin(): AbortController {
    const generation = new AbortController()
    const { signal } = generation
    if (state.status !== 'closed') owner?.addEventListener('abort', () => connection.close(), { signal })
    return generation
  }

  const connection: Connection = {
    lastEventId: options.lastEventId ?? '',
    get state() {
      return state
    },
    connect: () => call(connect),
    reconnect: () => call(reconnect),
    close(code = 1000, reason = '') {
      // As WebSocket's own `close` has it: https://websockets.spec.whatwg.org/#dom-websocket-close
      must(
        (code === 1000 || (code >= 3000 && code < 5000)) && encodeUtf8(reason).length < 124,
        'close() takes 1000 or 3000-4999, and at most 123 bytes of reason.',
      )
      turns.act(() => step(close, {}, undefined, undefined, code, reason))
    },
    send(frame) {
      if (state.status !== 'open' || !link?.send) return false
      try {
        link.send(frame)
        return true
      } catch (cause) {
        const error = asError(cause)
        // 'not-open': the platform is already closing the link, and its own report will say why.
        if (error.code !== 'not-open') heard(onEnded)(error)
        return false
      }
    },
    listen: (event) => link?.listen?.(event),
    ...turns,
  }
  return connection
}

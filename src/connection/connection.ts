/**
 * Runs the machine against a transport: dials, waits, gives up, and owns what each status holds (the link, its abort
 * signal, one timer). Knows neither codecs nor listeners, and no transport in particular.
 *
 * Every link has a generation. A link that was replaced, however late it speaks, speaks for a generation that is over.
 */
import type { Frame, Inbound } from '../codec.ts'
import { platform } from '../environment.ts'
import { asError, mustBeFunction, mustBeNumbers, RealtimeError } from '../errors.ts'
import type { ClientOptions, ConnectionState } from '../realtime-client.ts'
import type { Link, LinkObserver, Transport } from '../transport.ts'
import { createBackoff } from './backoff.ts'
import { keepsLink, type Signal, type Status, transition } from './machine.ts'
import type { Turns } from './turns.ts'

/** What the connection asks of the client, and tells it. */
export interface ConnectionHooks {
  /** Event names that have a listener now. */
  events(): readonly string[]
  received(frame: Inbound, transport: string, receivedAt: number): void
  /** Every change, in the moment it happens. Must not call listeners before the turn is over. */
  changed(state: ConnectionState): void
  failed(error: RealtimeError): void
}

export interface Connection {
  /** Moved by the client, which alone can read the ids inside frames. */
  lastEventId: string
  readonly state: ConnectionState
  connect(): void
  reconnect(): void
  close(code?: number, reason?: string): void
  /** Whether the platform took the frame. */
  send(frame: Frame): boolean
  listen(event: string): void
}

interface Generation {
  link?: Link
  abort?: AbortController
}

type OpenInfo = Parameters<LinkObserver['opened']>[0]

export function createConnection(
  transport: Transport,
  options: ClientOptions,
  turns: Turns,
  hooks: ConnectionHooks,
): Connection {
  const { environment = platform, openTimeout = 10_000, maxMessageSize = 16_777_216 } = options
  mustBeFunction(transport?.open, 'transport.open')
  mustBeNumbers(1, { openTimeout, maxMessageSize })
  const backoff = createBackoff(options.reconnect)

  let status: Status = 'idle'
  let state: ConnectionState = Object.freeze({ status })
  /** What the current generation holds. A report of another generation is not heard. */
  let held: Generation = {}
  let cancelTimer: (() => void) | undefined
  /** What the user's `close` has to say to the server. */
  let farewell: [code?: number | undefined, reason?: string | undefined] = []

  /** Tries in a row without a stable link. */
  let failures = 0
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
  function step(signal: Signal, described: ConnectionState, ended?: () => void, time = 0): void {
    const next = transition(status, signal)
    if (!next) return

    status = next
    state = Object.freeze(described)
    hooks.changed(state)
    cancelTimer?.()
    cancelTimer = undefined
    if (!keepsLink(next)) {
      const mine: Generation = {}
      const old = held
      held = mine
      end(old)
      // Letting go runs abort listeners of the user's. Where one of them has called something, its call counts.
      if (mine !== held) return
    }
    if (ended) cancelTimer = environment.setTimer(heard(ended), time)
    if (next === 'connecting') dial()
  }

  function end({ abort, link }: Generation): void {
    abort?.abort()
    try {
      link?.close(...farewell)
    } catch (cause) {
      hooks.failed(asError(cause, 'lost', 'The transport'))
    }
  }

  function dial(): void {
    const mine = held
    const abort = new AbortController()
    const observer = observe()
    mine.abort = abort
    try {
      mine.link = transport.open(
        {
          attempt: failures + 1,
          error: reason(),
          signal: abort.signal,
          deadline: environment.now() + openTimeout,
          events: hooks.events(),
          maxMessageSize,
          environment,
          get lastEventId() {
            return connection.lastEventId
          },
        },
        observer,
      )
    } catch (cause) {
      observer.ended(asError(cause, 'unreachable', 'The transport'))
    }
    // A provider may have closed or replaced this attempt before `open` returned.
    if (mine !== held) end(mine)
  }

  /** Runs `handle` in a turn, as long as the generation of now is not over. Allocates here, not at the call. */
  function heard<A = void, B = void>(handle: (a: A, b: B) => void): (a: A, b: B) => void {
    const mine = held
    const task = (a: A, b: B) => {
      if (mine === held) handle(a, b)
    }
    return (a, b) => turns.arrive(task, a, b)
  }

  /** What a link may report, in its own generation. */
  function observe(): LinkObserver {
    const observer: { readonly [Report in keyof LinkObserver]: (a: never, b: never) => void } = {
      opened: heard((info: OpenInfo) => {
        carrier = info?.transport ?? transport.name
        const protocol = info?.protocol
        const openedAt = environment.now()
        step('opened', { status: 'open', transport: carrier, openedAt, ...(protocol && { protocol }) })
      }),
      received: heard((frame: Inbound) => {
        const { data } = frame
        const size = typeof data === 'string' ? data.length : data.byteLength
        if (size <= maxMessageSize) hooks.received(frame, carrier, environment.now())
        else onEnded(new RealtimeError('too-large', `A message of ${size} is over maxMessageSize.`))
      }),
      alive() {},
      retryAfter: heard((ms: number) => {
        if (ms >= 0) streamRetry = ms
      }),
      interrupted: heard((error: RealtimeError, retryAt: number) => {
        if (!backoff.maxAttempts) return onEnded(error)
        countSetback(error)
        step('interrupted', waiting(error, retryAt), onExpired, retryAt + openTimeout - environment.now())
      }),
      ended: heard(onEnded),
    }
    return observer as LinkObserver
  }

  function onExpired(): void {
    onEnded(new RealtimeError('timeout', `Not open within ${openTimeout} ms.`))
  }

  function onEnded(reported: RealtimeError): void {
    let error = asError(reported, 'lost', 'The transport')
    // A second refusal in a row, with credentials that were fresh, is final: no loop with a dead token.
    if (error.code === 'unauthorized' && reauthorized) {
      error = new RealtimeError(error.code, error.message, { ...error, retryable: false })
    }
    countSetback(error)

    const mine = held
    const now = environment.now()
    const elapsed = now - (troubleSince ?? now)
    const next = backoff.next(
      { attempt: failures + 1, error, elapsed, random: () => environment.random() },
      streamRetry,
    )
    // A policy of the user's may have closed or connected; then that counts.
    if (mine !== held) return

    if (typeof next !== 'number') {
      if (next !== error) hooks.failed(next)
      step('stop', { status: 'closed', error: next })
    } else if (error.code === 'unauthorized') {
      reauthorized = true
      redial('redial', error)
    } else step('retry', waiting(error, now + next), () => redial('due', error), next)
  }

  function countSetback(error: RealtimeError): void {
    hooks.failed(error)
    const now = environment.now()
    if (state.status === 'open' && now - state.openedAt >= backoff.stableAfter) startAfresh()
    else failures += 1
    troubleSince ??= now
  }

  function startAfresh(): void {
    failures = 0
    troubleSince = undefined
    reauthorized = false
  }

  function waiting(error: RealtimeError, retryAt: number): ConnectionState {
    return { status: 'waiting', attempt: failures + 1, retryAt, error }
  }

  function redial(signal: Signal, error = reason()): void {
    step(signal, { status: 'connecting', attempt: failures + 1, ...(error && { error }) }, onExpired, openTimeout)
  }

  /** Why the link before this one ended. */
  function reason(): RealtimeError | undefined {
    return (state as { error?: RealtimeError }).error
  }

  /** A call of the user's: the count of tries starts again, where the call means anything. */
  function called(signal: 'connect' | 'reconnect' | 'close'): boolean {
    const isMeant = transition(status, signal) !== undefined
    if (isMeant) startAfresh()
    return isMeant
  }

  const connection: Connection = {
    lastEventId: String(options.lastEventId ?? ''),
    get state() {
      return state
    },
    connect() {
      if (called('connect')) redial('connect')
    },
    reconnect() {
      if (called('reconnect')) redial('reconnect')
    },
    close(...words) {
      if (!called('close')) return
      streamRetry = 0
      farewell = words
      step('close', { status: 'closed' })
      farewell = []
    },
    send(frame) {
      if (status !== 'open' || !held.link?.send) return false
      try {
        held.link.send(frame)
        return true
      } catch (cause) {
        const error = asError(cause, 'lost', 'The transport')
        // 'not-open': the platform is already closing the link, and its own report will say why.
        if (error.code !== 'not-open') heard(onEnded)(error)
        return false
      }
    },
    listen: (event) => held.link?.listen?.(event),
  }
  return connection
}

/**
 * Runs the machine against a transport: dials, waits, gives up, and owns what each status holds (the link, its abort
 * signal, one timer). Knows neither codecs nor listeners, no events of a page, and no transport in particular.
 *
 * Every link has a generation. What a replaced link reports, however late, belongs to a generation that is over and is not heard.
 */
import type { Frame, Inbound, Message } from '../codec.ts'
import { encodeUtf8 } from '../codecs/bytes.ts'
import type { SendQueue } from '../delivery/send-queue.ts'
import { platform } from '../environment.ts'
import { asError, must, mustBeFunction, mustBeNumbers, mustBeSignal, mustBeText, RealtimeError } from '../errors.ts'
import type { ClientOptions, ConnectionState, DuplexClient, Meta } from '../realtime-client.ts'
import type { DuplexTransport, Link, LinkObserver, LinkRequest, LinkSession, Transport } from '../transport.ts'
import { createBackoff } from './backoff.ts'
import { createGreeting, type Greeting } from './handshake.ts'
import { createHeartbeat, type Heartbeat } from './heartbeat.ts'
import {
  close,
  connect,
  interrupted,
  opened,
  pause,
  proceed,
  reconnect,
  redial,
  retry,
  type Signal,
  transition,
} from './machine.ts'
import type { RestReason } from './page-lifecycle.ts'
import { createPageWatch } from './page-watch.ts'
import { createTurns, type Turns } from './turns.ts'

/** What the connection asks of the client, and tells it. */
export interface ConnectionHooks {
  /** Event names that have a listener or a schema now. */
  names(): readonly string[]
  /** `undefined` for a frame that cannot be read, and for one that is no message. */
  decode(frame: Inbound): Message | undefined
  /** Whether a message with this id has come before; from now on it has. Without an id it forgets which message was the last. */
  repeats(id?: string): unknown
  deliver(data: unknown, meta: Meta): void
  /** Every change, in the moment it happens. Must not call listeners before the turn is over. */
  changed(state: ConnectionState, previous: ConnectionState): void
  failed(error: RealtimeError): void
  /** What waits for an open link. */
  readonly queue: Pick<SendQueue, 'bytes'>
  /** Called when a link that was busy takes frames again. */
  flush(): void
  /** Encodes a message. Throws where the transport cannot send, or the codec cannot write it. */
  frame(event: string, data: unknown): Frame
}

export interface Connection {
  /** The members of the client that the connection itself provides. */
  readonly face: Pick<DuplexClient, 'state' | 'lastEventId' | 'connect' | 'reconnect' | 'close' | 'bufferedAmount'>
  /** Sends now or not at all. Returns whether the link was open and not busy, and the platform took the frame. */
  send(frame: Frame): boolean
  listen(event: string): void
  readonly act: Turns['act']
  readonly arrive: Turns['arrive']
  readonly tell: Turns['tell']
}

/** The code and reason that the user's `close` has for the server. */
type Farewell = Parameters<Link['close']>
type OpenInfo = Parameters<LinkObserver['opened']>[0]

/** Why the link before this one ended. */
type Cause = { readonly error?: RealtimeError }

export function createConnection(transport: Transport, options: ClientOptions, hooks: ConnectionHooks): Connection {
  const { environment = platform, openTimeout = 10_000, maxMessageSize = 2 ** 24, signal: owner, handshake } = options
  mustBeFunction(transport?.open, 'transport.open, as in webSocket(url),')
  if (handshake) mustBeFunction(handshake, 'handshake')
  mustBeSignal(owner)
  mustBeNumbers(1, { openTimeout, maxMessageSize })
  const backoff = createBackoff(options.reconnect, environment)
  const turns = createTurns()
  const startHeartbeat = createHeartbeat(
    environment,
    options.heartbeat,
    arm,
    (transport as DuplexTransport).duplex && hooks.frame,
    urge,
    hooks.failed,
    onEnded,
  )
  let lastEventId = options.lastEventId ?? ''
  mustBeText(lastEventId, 'lastEventId')
  const page = createPageWatch(
    environment,
    options.lifecycle,
    turns,
    () => state,
    (isDoubtful) => heartbeat?.check(isDoubtful),
    suspend,
    goOn,
  )

  let state: ConnectionState = Object.freeze({ status: 'idle' })
  /** The present generation, aborted when it is over: the link of an older one is not heard. */
  let life = begin()
  /** Aborted when the client is closed, and replaced at once by the one for the next `connect()`. */
  let session = beginSession()
  let request: LinkRequest
  let link: Link | undefined
  let greeting: Greeting | undefined
  let heartbeat: Heartbeat | undefined
  let cancelTimer: (() => void) | undefined
  let carrier = transport.name
  /** When the wait is over, as an epoch time; 0 without one. */
  let dueAt = 0
  /** How long the whole wait is: what is left of it cannot be more, though the clock may be set back meanwhile. */
  let delay: number
  /** How much at the end of the wait the server did not ask for. */
  let spare: number
  /** The last link led to this very machine, which being offline does not concern. */
  let isLocal: boolean | undefined

  /**
   * Takes the step that the machine has for this signal, if any. The new state comes first, so that whatever runs next
   * sees it; then the old status lets go of what it held; then the new one acquires. `time` is how long that may last, in
   * milliseconds; `farewell` is for the server.
   */
  function step(
    signal: Signal,
    error?: RealtimeError | undefined,
    facts?: object,
    time?: number,
    ...farewell: Farewell
  ): void {
    const status = transition(state.status, signal)
    if (!status) return

    const previous = state
    state = Object.freeze({
      status,
      ...(time !== undefined && { attempt: backoff.attempt }),
      ...facts,
      ...(error && { error }),
    } as ConnectionState)
    cancelTimer?.()
    greeting?.settle()
    cancelTimer = greeting = heartbeat = undefined
    hooks.changed(state, previous)
    if (signal !== opened && signal !== interrupted) {
      const oldLife = life
      const oldLink = link
      life = begin()
      link = undefined
      isLocal = oldLink?.isLocal ?? isLocal
      const mine = life
      if (status === 'closed') {
        const over = session
        // Replaced first: a listener of the abort may connect again.
        session = beginSession()
        over.abort()
      }
      endLink(oldLink, ...farewell)
      oldLife.abort()
      // Letting go runs abort listeners of the user's. Where one of them has called the client, that call counts.
      if (life !== mine) return
    }
    if (time !== undefined) arm(time, onExpired)
    if (status === 'connecting') dial()
  }

  /** Sets the one timer of the present status, instead of the one before. */
  function arm(time: number, ended: () => void): void {
    cancelTimer?.()
    cancelTimer = environment.setTimer(heard(ended), time)
  }

  function endLink(old: Link | undefined, ...farewell: Farewell): void {
    try {
      old?.close(...farewell)
    } catch (cause) {
      hooks.failed(asError(cause, 'lost', 'link.close'))
    }
  }

  function dial(): void {
    const observer = observe()
    const { signal } = life
    request = {
      attempt: backoff.attempt,
      error: backoff.refusal ?? (state as Cause).error,
      signal,
      deadline: environment.now() + openTimeout,
      get events() {
        return hooks.names()
      },
      maxMessageSize,
      environment,
      session,
      get lastEventId() {
        return lastEventId
      },
    }
    try {
      const dialed = transport.open(request, observer)
      // A provider may have closed or replaced this attempt before `open` returned.
      if (signal.aborted) endLink(dialed)
      else link = dialed
    } catch (cause) {
      observer.ended(asError(cause, 'unreachable'))
    }
  }

  /** Makes a callback that runs `handle` in a turn, unless the present generation is over by then. Allocates now, not at each call. */
  function heard<A = void, B = void>(handle: (a: A, b: B) => void): (a: A, b: B) => void {
    const mine = life
    const task = (a: A, b: B) => {
      // Not `signal.aborted`: asking the platform costs more.
      if (life === mine) handle(a, b)
    }
    return (a, b) => turns.arrive(task, a, b)
  }

  /** What a link may report, in its own generation. */
  function observe(): LinkObserver {
    const observer: { readonly [Report in keyof LinkObserver]: (a: never, b: never) => void } = {
      opened: heard(({ transport: name = transport.name, protocol, shared }: OpenInfo = {}) => {
        if (state.status === 'open' || greeting) return
        carrier = name
        const ready = () => {
          backoff.refusal = undefined
          backoff.wasOpen = true
          session.welcomed?.()
          step(opened, undefined, { transport: name, openedAt: environment.now(), ...(protocol && { protocol }) })
          // Sending the queue may have ended the link.
          if (state.status === 'open' && !shared) heartbeat = startHeartbeat()
        }
        if (!handshake || shared) return ready()
        greeting = createGreeting(handshake, request, hooks.frame, urge, listen, turns, ready, onEnded)
        greeting.run()
      }),
      received: heard((frame: Inbound, receivedAt = environment.now()) => {
        const size = (frame.data as string).length ?? (frame.data as ArrayBuffer).byteLength
        if (size > maxMessageSize) return onEnded(new RealtimeError('too-large', 'Over maxMessageSize.'))
        heartbeat?.heard(receivedAt)
        const mine = life
        const message = hooks.decode(frame)
        // The codec is the user's, and may have ended this link.
        if (life !== mine) return
        // A codec in JavaScript may give a number.
        const id = (frame.id ?? message?.id)?.toString()
        // Also for what nobody can read, and before any listener runs: a resume must not bring it again.
        lastEventId = id ?? lastEventId
        // Asked of what a handshake takes, too: a resume may bring that again, to the listeners.
        const isRepetition = message && !(frame.id && frame.isHeld) && hooks.repeats(id)
        if (!message || greeting?.takes(message) || isRepetition) return

        const { event, data } = message
        hooks.deliver(data, { event, id: id ?? '', transport: carrier, receivedAt })
      }),
      alive: heard((id?: string | null) => {
        heartbeat?.heard(environment.now())
        if (id === null) hooks.repeats()
        lastEventId = id ?? lastEventId
      }),
      retryAfter: heard((ms: number) => {
        if (ms >= 0) backoff.streamRetry = ms
      }),
      interrupted: heard((error: RealtimeError, retryAt: number) => {
        // A link that moves to another tab has not failed.
        const failures = +error.retryable as 0 | 1
        // After five in a row that opened only to be lost the client takes over, and waits longer each time; or closes, with `reconnect: false`.
        if (failures && (!backoff.finalFailure || backoff.attempt > 5)) return onEnded(error)
        // Of the platform's own tries only those that had opened are counted.
        if (state.status === 'open' || greeting) backoff.count(state, failures)
        hooks.failed(error)
        step(interrupted, error, { retryAt }, retryAt + openTimeout - environment.now())
      }),
      ended: heard(onEnded),
    }
    return observer as LinkObserver
  }

  function onExpired(): void {
    // Without a link, a wait is over.
    if (!link) again(redial)
    // What came in time may still wait for a page that was busy.
    else arm(0, onTimeout)
  }

  function onTimeout(): void {
    const clue = greeting ? { hint: 'The handshake did not end.' } : link?.clue
    onEnded(new RealtimeError('timeout', `Not open in ${openTimeout} ms.`, clue))
  }

  function onEnded(reported: RealtimeError): void {
    backoff.count(state, 1)
    const error = backoff.judge(asError(reported))
    hooks.failed(error)

    const mine = life
    const verdict = backoff.decide(error)
    // A policy of the user's may have closed or connected; then that counts.
    if (life !== mine) return

    if (typeof verdict !== 'number') {
      if (verdict !== error) hooks.failed(verdict)
      step(close, verdict)
    } else if (error.code === 'unauthorized') {
      again(redial, error)
    } else {
      const retryAt = environment.now() + verdict
      const { retryAfter = 0 } = error
      delay = verdict
      // To the server's wish a little is added, so that not all clients come at once. What is much longer was not its wish.
      spare = verdict > 2 * retryAfter ? verdict - retryAfter : 0
      wait(retryAt, error)
    }
  }

  function wait(retryAt: number, error: RealtimeError): void {
    dueAt = retryAt
    step(retry, error, { retryAt }, retryAt - environment.now())
    if (page.isOffline) suspend('offline')
  }

  function again(signal: Signal, error = (state as Cause).error): void {
    dueAt = 0
    step(signal, error, {}, openTimeout)
  }

  function suspend(reason: RestReason): void {
    const { error, reason: present } = state as Cause & { readonly reason?: RestReason }
    // Being offline is only the platform's belief: it ends no link, and does not concern one to this very machine.
    if (present === reason || (reason === 'offline' && (state.status !== 'waiting' || link || isLocal))) return
    backoff.count(state, 0)
    step(pause, error, { reason })
  }

  /** Ends a wait, a rest, or a try whose time is over, but not what is left of a wait that the server asked for. */
  function goOn(): void {
    const now = environment.now()
    // A try whose time is over need not be waited for, though its timer is late.
    if (state.status === 'connecting' && now > request.deadline) onTimeout()
    const rest = Math.min(dueAt - now, delay)
    if (rest > spare) {
      if (state.status === 'suspended') wait(now + rest, state.error as RealtimeError)
    }
    // A link in 'waiting' is the platform's to restore.
    else if (!link) again(proceed)
  }

  /** A call of the user's that dials, where the machine lets it. */
  function call(signal: Signal): void {
    turns.act(() => {
      if (owner?.aborted || !transition(state.status, signal)) return
      backoff.startAfresh()
      backoff.streamRetry = 0
      page.isOffline = false
      again(signal)
    })
  }

  /** A new generation, which listens to the user's signal as long as there is something to close. */
  function begin(): AbortController {
    const generation = new AbortController()
    if (state.status === 'closed') owner?.removeEventListener('abort', closeAll)
    // Adding the same listener again changes nothing. Not bound to the generation's signal: Node forgets such signals after a while.
    else owner?.addEventListener('abort', closeAll)
    page.watch(generation)
    return generation
  }

  function closeAll(): void {
    face.close()
  }

  function beginSession(): LinkSession & AbortController {
    return Object.assign(new AbortController(), {
      report: hooks.failed,
      ready: hooks.flush,
      bufferedAmount: 0,
      openTimeout,
    })
  }

  const face: Connection['face'] = {
    get state() {
      return state
    },
    get lastEventId() {
      return lastEventId
    },
    get bufferedAmount() {
      return (link?.bufferedAmount ?? session.bufferedAmount) + hooks.queue.bytes
    },
    connect: () => call(connect),
    reconnect: () => call(reconnect),
    close(code = 1000, reason = '') {
      // As WebSocket's own `close` has it: https://websockets.spec.whatwg.org/#dom-websocket-close
      must(
        (code === 1000 || (code >= 3000 && code <= 4999)) && (!reason || encodeUtf8(reason).length < 124),
        'close() takes 1000 or 3000-4999, and 123 bytes.',
      )
      turns.act(() => step(close, undefined, undefined, undefined, code, reason))
    },
  }

  function listen(event: string): void {
    link?.listen?.(event)
  }

  /** Sends what goes before the queue: frames of a handshake, and probes. */
  function urge(frame: Frame): void {
    hand(frame, true)
  }

  function hand(frame: Frame, isUrgent?: boolean): boolean {
    if (!link?.send) return false
    try {
      if (isUrgent && link.sendUrgent) link.sendUrgent(frame)
      else link.send(frame)
      return true
    } catch (cause) {
      const error = asError(cause, 'lost', 'link.send')
      // 'not-open': the platform is already closing the link, and its own report will say why.
      if (error.code !== 'not-open') heard(onEnded)(error)
      return false
    }
  }

  return {
    face,
    send(frame) {
      heartbeat?.check()
      return state.status === 'open' && !link?.busy && hand(frame)
    },
    listen,
    ...turns,
  }
}

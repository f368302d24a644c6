/**
 * Runs the machine against a transport: dials, waits, gives up, and owns what each status holds (the link, its abort
 * signal, one timer). Knows neither codecs nor listeners, and no transport in particular.
 *
 * Every link has a generation. A link that was replaced, however late it speaks, speaks for a generation that is over.
 */
import type { Frame, Inbound, Message } from '../codec.ts'
import { encodeUtf8 } from '../codecs/bytes.ts'
import type { SendQueue } from '../delivery/send-queue.ts'
import { type PageEvent, platform } from '../environment.ts'
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
import { pageDecision, type RestReason } from './page-lifecycle.ts'
import { createTurns, type Turns } from './turns.ts'

/** What the connection asks of the client, and tells it. */
export interface ConnectionHooks {
  /** Event names that have a listener now. */
  names(): readonly string[]
  /** `undefined` for what nobody can read, and for what is no message. */
  decode(frame: Inbound): Message | undefined
  /** Whether a message with this id has come before. Counts it as one that has. */
  repeats(id?: string): unknown
  deliver(data: unknown, meta: Meta): void
  /** Every change, in the moment it happens. Must not call listeners before the turn is over. */
  changed(state: ConnectionState, previous: ConnectionState): void
  failed(error: RealtimeError): void
  /** What waits for an open link. */
  readonly queue: Pick<SendQueue, 'bytes'>
  /** A link that was busy takes frames again. */
  flush(): void
  /** Throws where the transport cannot send, or the codec cannot write it. */
  frame(event: string, data: unknown): Frame
}

export interface Connection {
  /** What of the client is the connection's. */
  readonly face: Pick<DuplexClient, 'state' | 'lastEventId' | 'connect' | 'reconnect' | 'close' | 'bufferedAmount'>
  /** Whether the link is open and not busy, and the platform took the frame. */
  send(frame: Frame): boolean
  listen(event: string): void
  readonly act: Turns['act']
  readonly arrive: Turns['arrive']
  readonly tell: Turns['tell']
}

/** What the user's `close` has to say to the server. */
type Farewell = Parameters<Link['close']>
type OpenInfo = Parameters<LinkObserver['opened']>[0]

type Rest = { readonly reason?: RestReason }

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
  const { hidden = 'keep' } = options.lifecycle ?? {}
  if (hidden !== 'keep') mustBeNumbers(0, { hidden })
  const isHidden = () => environment.isHidden?.()
  let isOffline = false
  let cancelHiding: (() => void) | undefined

  let state: ConnectionState = Object.freeze({ status: 'idle' })
  /** Aborted when the generation is over: the link of an older one is not heard. */
  let life = begin()
  /** Aborted when the client is closed; the next dial begins another. */
  let session = beginSession()
  let request: LinkRequest
  let link: Link | undefined
  let greeting: Greeting | undefined
  let heartbeat: Heartbeat | undefined
  let cancelTimer: (() => void) | undefined
  let carrier = transport.name
  /** Told to every attempt until a link opens: one that fails for another reason has not used fresh credentials. */
  let refusal: RealtimeError | undefined
  /** The end of the wait, how long it is, since the clock may be set back meanwhile, and how much of its end the server did not ask for. */
  let dueAt = 0
  let delay: number
  let spare: number
  /** The last link led to this very machine, which being offline does not concern. */
  let isLocal: boolean | undefined

  /**
   * Takes the step that the machine has for this signal, if any. The new state comes first, so that whatever runs next
   * sees it; then the old status lets go of what it held; then the new one acquires: `ended` hears the end of its time.
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
        // First, for whoever connects again as it is aborted.
        session = beginSession()
        over.abort()
      }
      endLink(oldLink, ...farewell)
      oldLife.abort()
      // Letting go runs abort listeners of the user's. Where one of them has called something, its call counts.
      if (life !== mine) return
    }
    if (time !== undefined) arm(time, onExpired)
    if (status === 'connecting') dial()
  }

  /** What happens at the end of the time that this status has. */
  function arm(time: number, ended: () => void): void {
    cancelTimer?.()
    cancelTimer = environment.setTimer(heard(ended), time)
  }

  function countHiding(): void {
    cancelHiding?.()
    cancelHiding = hidden === 'keep' ? undefined : environment.setTimer(() => turns.act(onHidden), hidden)
  }

  function onHidden() {
    cancelHiding = undefined
    // A page that was frozen may not tell that it is visible again: it is asked when the time is over.
    if (isHidden()) suspend('hidden')
  }

  function onPage(event: PageEvent): void {
    // What was told while a listener closed the client.
    if (state.status === 'closed') return
    if (event === 'visibilitychange') countHiding()
    // A page in the cache is not told that the network is back.
    isOffline = event === 'offline' || (isOffline && event !== 'online' && event !== 'pageshow')
    heartbeat?.check(event === 'offline')

    const decision = pageDecision(event, (state as Rest).reason, isHidden())
    if (decision === true) {
      // A try whose time is over, and whose timer is late, is no reason to wait.
      if (state.status === 'connecting' && environment.now() > request.deadline) onTimeout()
      goOn()
    } else if (decision) suspend(decision)
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
      error: refusal ?? (state as Cause).error,
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

  /** Runs `handle` in a turn, as long as the generation of now is not over. Allocates here, not at the call. */
  function heard<A = void, B = void>(handle: (a: A, b: B) => void): (a: A, b: B) => void {
    const mine = life
    const task = (a: A, b: B) => {
      // Not its signal: to ask the platform costs more.
      if (life === mine) handle(a, b)
    }
    return (a, b) => turns.arrive(task, a, b)
  }

  /** What a link may report, in its own generation. */
  function observe(): LinkObserver {
    const observer: { readonly [Report in keyof LinkObserver]: (a: never, b: never) => void } = {
      opened: heard(({ transport: name = transport.name, protocol, shared }: OpenInfo = {}) => {
        if (greeting || !transition(state.status, opened)) return
        carrier = name
        const ready = () => {
          refusal = undefined
          backoff.wasOpen = true
          session.welcomed?.()
          step(opened, undefined, { transport: name, openedAt: environment.now(), ...(protocol && { protocol }) })
          // A link that takes the queue may be given up by it.
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
        // Also of what nobody can read, and before any listener: a resume must not bring it again.
        resumeFrom(id)
        // Also of what a handshake takes: a resume may bring it to the listeners.
        const isRepetition = message && !(frame.id && frame.isHeld) && hooks.repeats(id)
        if (!message || greeting?.takes(message) || isRepetition) return

        const { event, data } = message
        hooks.deliver(data, { event, id: id ?? '', transport: carrier, receivedAt })
      }),
      alive: heard((id?: string | null) => {
        heartbeat?.heard(environment.now())
        if (id === null) hooks.repeats()
        resumeFrom(id)
      }),
      retryAfter: heard((ms: number) => {
        if (ms >= 0) backoff.streamRetry = ms
      }),
      interrupted: heard((error: RealtimeError, retryAt: number) => {
        // A link that moves to another tab has not failed.
        const failures = +error.retryable as 0 | 1
        // What opens only to be lost again is restored by the client, which waits longer each time.
        if (failures && (!backoff.finalFailure || backoff.attempt > 5)) return onEnded(error)
        // The platform's own tries are none of the client's, but for those that had opened.
        if (state.status === 'open' || greeting) backoff.count(state, failures)
        hooks.failed(error)
        step(interrupted, error, { retryAt }, retryAt + openTimeout - environment.now())
      }),
      ended: heard(onEnded),
    }
    return observer as LinkObserver
  }

  function onExpired(): void {
    // Without a link it was a wait.
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

    const { signal } = life
    const verdict = backoff.decide(error)
    // A policy of the user's may have closed or connected; then that counts.
    if (signal.aborted) return

    if (typeof verdict !== 'number') {
      if (verdict !== error) hooks.failed(verdict)
      step(close, verdict)
    } else if (error.code === 'unauthorized') {
      refusal = error
      again(redial, error)
    } else {
      const retryAt = environment.now() + verdict
      const { retryAfter = 0 } = error
      delay = verdict
      // Its wish comes with a little more, so that not all come at once. A wait that is much longer was not its wish.
      spare = verdict > 2 * retryAfter ? verdict - retryAfter : 0
      wait(retryAt, error)
    }
  }

  function wait(retryAt: number, error: RealtimeError): void {
    dueAt = retryAt
    step(retry, error, { retryAt }, retryAt - environment.now())
    if (isOffline) suspend('offline')
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

  /** Ends a wait or a rest; a wait that the server asked for is taken up again. */
  function goOn(): void {
    const now = environment.now()
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
      refusal = undefined
      isOffline = false
      again(signal)
    })
  }

  /** A new generation, which listens to the user's signal as long as there is something to close. */
  function begin(): AbortController {
    const generation = new AbortController()
    const { status } = state
    if (status === 'closed') {
      owner?.removeEventListener('abort', closeAll)
      cancelHiding?.()
      cancelHiding = undefined
    } else {
      // Once is enough, however often it is said. Not until the generation's signal aborts: Node forgets that after a while.
      owner?.addEventListener('abort', closeAll)
      if (status !== 'idle') {
        environment.watchPage?.((event) => turns.arrive(onPage, event), generation.signal)
        // The next link of a page that is still hidden has the time anew.
        if (!cancelHiding && status !== 'suspended') countHiding()
      }
    }
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

  /** Moves `lastEventId`, where there is an id. */
  function resumeFrom(id: string | null | undefined): void {
    lastEventId = id ?? lastEventId
  }

  function listen(event: string): void {
    link?.listen?.(event)
  }

  /** What does not come out of the queue goes before it. */
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

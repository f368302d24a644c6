/** `createClient`: wires connection, codec, routing and queue into one client. */
import type { Frame, Message } from './codec.ts'
import { isBytes } from './codecs/bytes.ts'
import { json } from './codecs/json.ts'
import { type Connection, createConnection } from './connection/connection.ts'
import { createDedupe } from './delivery/dedupe.ts'
import { createSendQueue } from './delivery/send-queue.ts'
import { platform } from './environment.ts'
import { asError, must, mustBeFunction, mustBeNumbers, mustBeSignal, mustBeText, RealtimeError } from './errors.ts'
import type {
  AnyEvents,
  ClientOptions,
  ConnectionState,
  DuplexClient,
  EventMap,
  IterateOptions,
  ListenOptions,
  Meta,
  RealtimeClient,
  SendOptions,
  Unsubscribe,
} from './realtime-client.ts'
import { createEmitter, type Listener } from './routing/emitter.ts'
import { createEventIterator } from './routing/event-iterator.ts'
import { createValidation } from './routing/validate.ts'
import type { DuplexTransport, Transport } from './transport.ts'

/**
 * Makes a client, which does not connect by itself: `connect()` does.
 *
 * The first type parameter names the events that come in, the second those that go out; a client over a transport that
 * cannot send has no `send`. Wrong options throw 'invalid-config' here.
 *
 * @example
 * const client = createClient<{ chat: { text: string } }>(webSocket('/live'))
 * client.on('chat', ({ text }) => show(text))
 * client.connect()
 */
export function createClient<In extends EventMap = AnyEvents, Out extends EventMap = AnyEvents>(
  transport: DuplexTransport,
  options?: ClientOptions<In>,
): DuplexClient<In, Out>
export function createClient<In extends EventMap = AnyEvents>(
  transport: Transport,
  options?: ClientOptions<In>,
): RealtimeClient<In>
export function createClient(transport: Transport, options: ClientOptions = {}): DuplexClient {
  // Inside the function, not the module: here the build can inline these numbers.
  const onAnyKey = 0
  const onStateKey = 1
  const onErrorKey = 2
  /** For `opened`, `drained` and iterators: told of every change of the state, overtaken or not, and when less may be buffered. */
  const onChangeKey = 3
  /** More bytes than this on their way to the wire, and a volatile message would come too late. */
  const volatileLimit = 65_536
  /** The longest time between two looks at `bufferedAmount`, in milliseconds. */
  const longestLook = 50

  const { codec = json(), dedupe, schemas, queue: queueOptions = {}, environment = platform } = options
  const duplex = (transport as DuplexTransport | undefined)?.duplex
  mustBeFunction(codec?.decode, 'codec.decode')
  mustBeFunction(codec.encode, 'codec.encode')
  for (const name of ['heartbeat', 'lifecycle', 'queue', 'reconnect', 'schemas'] as const) {
    const option = options[name]
    // What is false or absent is no object, and a policy is a function.
    must(!option || Object(option) === option, `${name} must be an object.`)
  }

  const emitter = createEmitter((cause, key, thrower) => {
    const error = new RealtimeError('listener', 'A listener threw.', { cause })
    // What an error listener throws is told to the others, once: what they throw in turn would go round for ever.
    if (!faulty) tellError(error, key === onErrorKey && thrower)
  })
  /** The error listener whose own error is being told to the others. */
  let faulty: unknown
  /** Whether `onAny` was ever called: cheaper to ask at every message than whether it has listeners. */
  let isAnyHeard = false

  const queue = createSendQueue(
    queueOptions,
    (frame) => connection.send(frame),
    (error) => {
      tellError(error)
      tellWaiting()
    },
    environment,
  )
  const isRepeated = createDedupe(dedupe)
  const validation = schemas && createValidation(schemas, (task) => connection.arrive(task), notify, tellError)
  const deliver = validation?.run ?? notify
  const connection = createConnection(transport, options, {
    names: () => Object.keys(Object(schemas)).concat(emitter.names()),
    failed: tellError,
    flush() {
      queue.flush()
      tellWaiting()
    },
    frame: encode,
    queue,
    changed(state: ConnectionState, previous: ConnectionState): void {
      // A listener may change the state again; the others then hear only of the newer one, which is on its way.
      const now = emitter.tick()
      connection.tell(() => {
        emitter.dispatch(onStateKey, state, previous, now, () => state !== face.state)
        emitter.dispatch(onChangeKey, state, undefined, now)
      })
      if (state.status === 'open') queue.flush()
      else isRepeated()
      const dropped = state.status === 'closed' && queue.empty() + (validation?.empty() ?? 0)
      if (dropped) tellError(new RealtimeError('aborted', `Messages dropped: ${dropped}.`))
    },
    decode(frame): Message | undefined {
      try {
        const decoded = codec.decode(frame)
        // A number would be a key of the client's own.
        if (decoded && typeof decoded.event !== 'string')
          throw new RealtimeError('decode', 'The event must be a string.')
        return decoded
      } catch (cause) {
        tellError(asError(cause, 'decode', 'codec.decode (default: json())'))
      }
      return
    },
    repeats: (id) => dedupe && isRepeated(id),
    deliver,
  })

  const { face } = connection

  function notify(data: unknown, meta: Meta): void {
    const now = emitter.tick()
    emitter.dispatch(meta.event, data, meta, now)
    if (isAnyHeard) emitter.dispatch(onAnyKey, data, meta, now)
  }

  function encode(event: string, data: unknown): Frame {
    if (!duplex) throw new RealtimeError('receive-only', 'The transport cannot send: see withUpstream.')
    mustBeText(event)
    try {
      const frame = codec.encode({ event, data })
      // A buffer that was transferred to a worker is detached, and throws here.
      const isFrame =
        typeof frame === 'string' || (isBytes(frame) && new DataView((frame as ArrayBufferView).buffer ?? frame))
      must(isFrame, 'codec.encode() must return text or bytes.')
      return frame
    } catch (cause) {
      throw asError(cause, 'invalid-config', 'codec.encode()')
    }
  }

  function tellError(error: RealtimeError, thrower?: unknown): void {
    connection.tell(() => {
      faulty = thrower
      emitter.dispatch(onErrorKey, error, undefined, undefined, (listener) => listener === faulty)
      faulty = false
    })
  }

  /** Has those look again who wait until less is buffered. */
  function tellWaiting(): void {
    connection.tell(() => emitter.dispatch(onChangeKey, face.state))
  }

  if (options.signal?.aborted) face.close()

  /**
   * Calls `look` now, at every change of the state and when less may be buffered, until `released` is aborted. `over` hears,
   * once, that the client is closed or that the signal is aborted.
   */
  function watch(
    signal: AbortSignal | undefined,
    released: AbortController,
    over: (error: unknown, isAborted?: boolean) => void,
    look?: () => void,
  ): void {
    const check = (state: ConnectionState) => {
      if (signal?.aborted) over(signal.reason, true)
      else if (state.status === 'closed') over(state.error)
      else return look?.()
      released.abort()
    }
    mustBeSignal(signal)
    const onAbort = () => check(face.state)
    signal?.addEventListener('abort', onAbort)
    // Not by an option of the listener: Node forgets such signals after a while.
    released.signal.addEventListener('abort', () => signal?.removeEventListener('abort', onAbort))
    emitter.add(onChangeKey, check, released)
    check(face.state)
  }

  /** Resolves as soon as `isSo()`; rejects when the client is closed or the signal aborted. So it settles always. */
  function until(isSo: () => boolean, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const settled = new AbortController()
      let cancelTimer: (() => void) | undefined
      let pause = 1
      const look = () => {
        cancelTimer?.()
        if (isSo()) {
          settled.abort()
          resolve()
        } else if (face.state.status === 'open') {
          // Nothing tells when bytes have gone out.
          pause = Math.min(2 * pause, longestLook)
          cancelTimer = environment.setTimer(look, pause)
        }
      }
      watch(
        signal,
        settled,
        (error, isAborted) => {
          cancelTimer?.()
          reject(isAborted || error ? error : new RealtimeError('aborted', 'The client is closed.'))
        },
        look,
      )
    })
  }

  function on(event: string, listener: Listener, listenOptions?: ListenOptions): Unsubscribe {
    mustBeText(event)
    const remove = emitter.add(event, listener, listenOptions)
    connection.listen(event)
    return remove
  }

  return Object.assign(face, {
    opened: (waitOptions) => until(() => face.state.status === 'open', waitOptions),
    drained(waitOptions = {}) {
      const { below = 0 } = waitOptions
      mustBeNumbers(0, { below })
      return until(() => face.bufferedAmount <= below, waitOptions)
    },
    on,
    events(event: string, iterateOptions?: IterateOptions) {
      mustBeText(event)
      return createEventIterator(iterateOptions, ({ push, end }, released) => {
        watch(iterateOptions?.signal, released, end)
        on(event, push, released)
      })
    },
    onAny(listener, listenOptions) {
      isAnyHeard = true
      return emitter.add(onAnyKey, listener, listenOptions)
    },
    onState: (listener, listenOptions) => emitter.add(onStateKey, listener, listenOptions),
    onError: (listener, listenOptions) => emitter.add(onErrorKey, listener, listenOptions),
    send(event: string, data?: unknown, { ttl, volatile }: SendOptions = {}): 'sent' | 'queued' | 'dropped' {
      const frame = encode(event, data)
      if (ttl !== undefined) mustBeNumbers(0, { ttl })
      if (volatile && face.bufferedAmount > volatileLimit) return 'dropped'
      let outcome: 'sent' | 'queued' | 'dropped' = 'sent'
      // In a turn: a listener that hears that this frame cost the link, and sends, comes behind it.
      connection.act(() => {
        // Frames that the link has refused for a moment go first.
        if (queue.flush() && connection.send(frame)) return
        outcome = 'dropped'
        if (volatile) return
        if (!queueOptions || face.state.status === 'closed') {
          throw new RealtimeError('not-open', 'Not open, or busy: call connect().')
        }
        outcome = queue.hold(frame, ttl)
      })
      return outcome
    },
  } satisfies Omit<DuplexClient, keyof Connection['face']>)
}

/** `createClient`: wires connection, codec, routing and queue into one client. */
import type { Inbound, Message } from './codec.ts'
import { encodeUtf8 } from './codecs/bytes.ts'
import { json } from './codecs/json.ts'
import { createConnection } from './connection/connection.ts'
import { createTurns } from './connection/turns.ts'
import { createSendQueue } from './delivery/send-queue.ts'
import { asError, must, mustBeFunction, RealtimeError } from './errors.ts'
import type {
  AnyEvents,
  ClientOptions,
  ConnectionState,
  DuplexClient,
  EventMap,
  Meta,
  RealtimeClient,
} from './realtime-client.ts'
import { createEmitter } from './routing/emitter.ts'
import type { DuplexTransport, Transport } from './transport.ts'

const onAnyKey = /* @__PURE__ */ Symbol()
const onStateKey = /* @__PURE__ */ Symbol()
const onErrorKey = /* @__PURE__ */ Symbol()

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
  const { codec = json(), queue: queueOptions = {}, signal } = options
  mustBeFunction(codec.decode, 'codec.decode')

  const { duplex } = transport as Partial<DuplexTransport>

  const turns = createTurns()
  const emitter = createEmitter(
    (cause, key, thrower) => {
      // What an error listener throws is told to the others, once: what they throw in turn would go round for ever.
      if (!faulty)
        tellError(new RealtimeError('listener', 'A listener threw.', { cause }), key === onErrorKey && thrower)
    },
    (key) => typeof key === 'string' && connection.listen(key),
  )
  /** The error listener whose own error is being told to the others. */
  let faulty: unknown

  const queue = queueOptions ? createSendQueue(queueOptions, tellError) : undefined
  const connection = createConnection(transport, options, turns, {
    events: emitter.names,
    received,
    changed,
    failed: tellError,
  })

  function tellError(error: RealtimeError, thrower?: unknown): void {
    turns.tell(() => {
      faulty = thrower
      emitter.dispatch(onErrorKey, error)
      faulty = undefined
    })
  }

  function changed(state: ConnectionState): void {
    turns.tell(() => emitter.dispatch(onStateKey, state))
    watchSignal()
    if (state.status === 'open') queue?.flush(connection.send)
    if (state.status !== 'closed' || !queue?.length) return
    tellError(new RealtimeError('aborted', `Closing dropped ${queue.length} queued messages.`))
    queue.flush(() => true)
  }

  function received(frame: Inbound, carrier: string, receivedAt: number): void {
    const { id } = frame
    // Before anything else: a resume must not bring a message again only because nobody could read it.
    if (id !== undefined) connection.lastEventId = id
    let message: Message | undefined
    try {
      message = codec.decode(frame)
    } catch (cause) {
      return tellError(asError(cause, 'decode', 'codec.decode()'))
    }
    if (!message) return

    if (id === undefined && message.id !== undefined) connection.lastEventId = message.id
    const { event, data } = message
    const meta: Meta = { event, id: id ?? message.id ?? '', transport: carrier, receivedAt }
    emitter.dispatch(event, data, meta)
    emitter.dispatch(onAnyKey, data, meta)
  }

  function send(event: string, data?: unknown): 'sent' | 'queued' | 'dropped' {
    if (!duplex) throw new RealtimeError('receive-only', 'This transport cannot send.')
    must(typeof event === 'string', 'The event must be a string.')
    const { status } = connection.state
    if (status === 'closed') throw new RealtimeError('not-open', 'The client is closed: call connect() first.')

    const frame = codec.encode({ event, data })
    // What a link has refused for a moment goes first.
    if (status === 'open') queue?.flush(connection.send)
    if (!queue?.length && connection.send(frame)) return 'sent'
    if (!queue) throw new RealtimeError('not-open', 'Not open, and the queue is off.')
    return queue.push(frame)
  }

  function opened({ signal: patience }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        const { state } = connection
        if (patience?.aborted) reject(patience.reason)
        else if (state.status === 'open') resolve()
        else if (state.status === 'closed') reject(state.error ?? new RealtimeError('aborted', 'The client is closed.'))
        else return
        stop()
        patience?.removeEventListener('abort', settle)
      }
      const stop = emitter.add(onStateKey, settle)
      patience?.addEventListener('abort', settle)
      settle()
    })
  }

  /** Listens to the signal while there is something to close. */
  function watchSignal(): void {
    const isClosed = connection.state.status === 'closed'
    signal?.[isClosed ? 'removeEventListener' : 'addEventListener']('abort', abort)
  }

  function abort(): void {
    turns.act(connection.close)
  }

  function dial(how: 'connect' | 'reconnect'): void {
    if (!signal?.aborted) turns.act(connection[how])
  }

  watchSignal()
  if (signal?.aborted) abort()

  return {
    get state() {
      return connection.state
    },
    get lastEventId() {
      return connection.lastEventId
    },
    connect: () => dial('connect'),
    reconnect: () => dial('reconnect'),
    close(code, reason) {
      checkClose(code, reason)
      turns.act(() => connection.close(code, reason))
    },
    opened,
    on(event, listener, listenOptions) {
      must(typeof event === 'string', 'The event must be a string.')
      return emitter.add(event, listener, listenOptions)
    },
    onAny: (listener, listenOptions) => emitter.add(onAnyKey, listener, listenOptions),
    onState(listener, { once, signal: ending } = {}) {
      mustBeFunction(listener, 'A listener')
      let heard = connection.state
      const told = (state: ConnectionState) => {
        // Known already, or overtaken: a listener before this one has changed it again, and the newer one is on its way.
        if (state === heard || state !== connection.state) return
        const previous = heard
        heard = state
        if (once) remove()
        listener(state, previous)
      }
      const remove = emitter.add(onStateKey, told, { signal: ending })
      return remove
    },
    onError(listener, listenOptions) {
      mustBeFunction(listener, 'A listener')
      const told = (error: RealtimeError) => {
        if (faulty !== told) listener(error)
      }
      return emitter.add(onErrorKey, told, listenOptions)
    },
    send,
  }
}

/** As WebSocket's own `close` has it: https://websockets.spec.whatwg.org/#dom-websocket-close */
function checkClose(code = 1000, reason = ''): void {
  const isCode = code === 1000 || (code >= 3000 && code < 5000)
  must(isCode && encodeUtf8(reason).length < 124, 'close() takes 1000 or 3000-4999, and at most 123 bytes of reason.')
}

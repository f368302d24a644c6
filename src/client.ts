/** `createClient`: wires connection, codec, routing and queue into one client. */
import type { Frame, Message } from './codec.ts'
import { json } from './codecs/json.ts'
import { type Connection, createConnection } from './connection/connection.ts'
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

const onAnyKey = 0
const onStateKey = 1
const onErrorKey = 2

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
  const { codec = json(), queue: queueOptions = {} } = options
  const duplex = (transport as DuplexTransport | undefined)?.duplex
  mustBeFunction(codec.decode, 'codec.decode')
  mustBeFunction(codec.encode, 'codec.encode')

  const emitter = createEmitter((cause, key, thrower) => {
    const error = new RealtimeError('listener', 'A listener threw.', { cause })
    // What an error listener throws is told to the others, once: what they throw in turn would go round for ever.
    if (!faulty) tellError(error, key === onErrorKey && thrower)
  })
  /** The error listener whose own error is being told to the others. */
  let faulty: unknown

  const queue = createSendQueue(queueOptions, (frame) => connection.send(frame), tellError)
  const connection = createConnection(transport, options, {
    names: emitter.names,
    failed: tellError,
    flush: queue.flush,
    frame: encode,
    changed(state: ConnectionState, previous: ConnectionState): void {
      // A listener may change it again; the others then hear only of the newer state, which is on its way.
      const now = emitter.tick()
      connection.tell(() => emitter.dispatch(onStateKey, state, previous, () => state !== face.state, now))
      if (state.status === 'open') queue.flush()
      const dropped = state.status === 'closed' && queue.empty()
      if (dropped) tellError(new RealtimeError('aborted', `Dropped ${dropped} messages.`))
    },
    deliver(frame, carrier, receivedAt, greeting): void {
      let message: Message | undefined
      try {
        message = codec.decode(frame)
      } catch (cause) {
        tellError(asError(cause, 'decode', 'codec.decode'))
      }
      // Also of what nobody can read, and before any listener: a resume must not bring it again.
      const id = frame.id ?? message?.id
      face.lastEventId = id ?? face.lastEventId
      if (!message || greeting?.takes(message)) return

      const { event, data } = message
      const meta: Meta = { event, id: id ?? '', transport: carrier, receivedAt }
      emitter.dispatch(event, data, meta)
      emitter.dispatch(onAnyKey, data, meta)
    },
  })

  const { face } = connection

  function encode(event: string, data: unknown): Frame {
    if (!duplex) throw new RealtimeError('receive-only', 'The transport cannot send.')
    must(typeof event === 'string', 'The event must be a string.')
    try {
      return codec.encode({ event, data })
    } catch (cause) {
      throw asError(cause, 'invalid-config', 'codec.encode()')
    }
  }

  function tellError(error: RealtimeError, thrower?: unknown): void {
    connection.tell(() => {
      faulty = thrower
      emitter.dispatch(onErrorKey, error, undefined, (listener) => listener === faulty)
      faulty = false
    })
  }

  if (options.signal?.aborted) face.close()

  return Object.assign(face, {
    opened: ({ signal: patience }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> =>
      new Promise((resolve, reject) => {
        const settle = () => {
          const { state } = connection.face
          if (patience?.aborted) reject(patience.reason)
          else if (state.status === 'open') resolve()
          else if (state.status === 'closed')
            reject(state.error ?? new RealtimeError('aborted', 'The client is closed.'))
          else return
          settled.abort()
        }
        const settled = new AbortController()
        emitter.add(onStateKey, settle, settled)
        patience?.addEventListener('abort', settle, settled)
        settle()
      }),
    on(event, listener, listenOptions) {
      must(typeof event === 'string', 'The event must be a string.')
      const remove = emitter.add(event, listener, listenOptions)
      connection.listen(event)
      return remove
    },
    onAny: (listener, listenOptions) => emitter.add(onAnyKey, listener, listenOptions),
    onState: (listener, listenOptions) => emitter.add(onStateKey, listener, listenOptions),
    onError: (listener, listenOptions) => emitter.add(onErrorKey, listener, listenOptions),
    send(event: string, data?: unknown): 'sent' | 'queued' | 'dropped' {
      const frame = encode(event, data)
      // What a link has refused for a moment goes first.
      if (queue.flush() && connection.send(frame)) return 'sent'
      if (!queueOptions || face.state.status === 'closed') {
        throw new RealtimeError('not-open', 'Not open, or busy: call connect().')
      }
      const held = queue.hold(frame)
      // The refusal may have led to a link that was open before this frame was held.
      queue.flush()
      return held
    },
  } satisfies Omit<DuplexClient, keyof Connection['face']>)
}

/**
 * What users may write, and what they may not, of everything public. Compiled, never run: against the public contract
 * (`tsconfig.contract.json`) and against the built package, which it reaches under its own name (`tsconfig.json`).
 */
import type {
  AnyEvents,
  Attempt,
  ClientOptions,
  Codec,
  ConnectionState,
  DuplexClient,
  DuplexTransport,
  EndPolicy,
  Environment,
  ErrorCode,
  EventMap,
  Frame,
  Handshake,
  HeartbeatOptions,
  Inbound,
  LifecycleOptions,
  Link,
  LinkObserver,
  LinkRequest,
  ListenOptions,
  Message,
  Meta,
  Provider,
  QueueOptions,
  RealtimeClient,
  ReconnectOptions,
  ReconnectPolicy,
  Transport,
  Unsubscribe,
} from 'holdfast'
import {
  binary,
  createClient,
  eventSource,
  isRealtimeError,
  json,
  RealtimeError,
  text,
  webSocket,
  withUpstream,
} from 'holdfast'
import type { FakeLink } from 'holdfast/testing'
import { fakeEnvironment, fakeTransport } from 'holdfast/testing'

/** Exactly the same type, `any` and `readonly` included. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const isTrue = <T extends true>(): T | undefined => undefined

interface ChatEvents {
  message: { readonly from: string; readonly text: string }
  typing: string
  cleared: undefined
}

// A `type` does as well as an `interface`.
type ChatCommands = {
  say: { text: string }
  leave: undefined
  nudge: number | undefined
}

export function eventsAreTyped(client: RealtimeClient<ChatEvents>): void {
  const off: Unsubscribe = client.on('message', (data, meta) => {
    isTrue<Same<typeof data, ChatEvents['message']>>()
    isTrue<Same<typeof meta, Meta<'message'>>>()
    isTrue<Same<typeof meta.event, 'message'>>()
    isTrue<Same<typeof meta.id, string>>()
    isTrue<Same<typeof meta.transport, string>>()
    isTrue<Same<typeof meta.receivedAt, number>>()

    // @ts-expect-error a meta is read-only
    meta.id = '1'
  })
  off()

  client.on('cleared', (data) => isTrue<Same<typeof data, undefined>>())
  client.on('typing', () => {}, { once: true, signal: new AbortController().signal })
  client.on('typing', () => {}, { once: undefined, signal: undefined })
  client.onAny((data, meta) => {
    isTrue<Same<typeof data, ChatEvents[keyof ChatEvents]>>()
    isTrue<Same<typeof meta.event, keyof ChatEvents>>()
  })

  // @ts-expect-error there is no such event
  client.on('mesage', () => {})
  // @ts-expect-error its payload is an object
  client.on('message', (data: number) => data)
  // @ts-expect-error its payload has no such property
  client.on('message', ({ body }) => body)
  // @ts-expect-error a misspelt option
  client.on('typing', () => {}, { onec: true })
  // @ts-expect-error there is no `off`: `on` returns it
  client.off('typing')
}

export function sendingIsTyped(client: DuplexClient<ChatEvents, ChatCommands>): void {
  const result = client.send('say', { text: 'hello' })
  isTrue<Same<typeof result, 'sent' | 'queued' | 'dropped'>>()
  client.send('leave')
  client.send('leave', undefined)
  client.send('nudge')
  client.send('nudge', 3)

  // @ts-expect-error no such command
  client.send('shout', { text: 'hello' })
  // @ts-expect-error the payload is missing
  client.send('say')
  // @ts-expect-error the payload has the wrong shape
  client.send('say', 'hello')
  // @ts-expect-error a property too many
  client.send('say', { text: 'hello', loud: true })
  // @ts-expect-error an incoming event is no command
  client.send('message', { from: 'Ann', text: 'hello' })
  // @ts-expect-error it takes a number or nothing
  client.send('nudge', 'now')
}

export function whatCanSendIsAType(): void {
  const duplex = createClient<ChatEvents, ChatCommands>(webSocket('wss://example.com/chat'))
  const receiving = createClient<ChatEvents>(eventSource('/chat'))
  isTrue<Same<typeof duplex, DuplexClient<ChatEvents, ChatCommands>>>()
  isTrue<Same<typeof receiving, RealtimeClient<ChatEvents>>>()

  const widened: RealtimeClient<ChatEvents> = duplex
  widened.connect()

  // @ts-expect-error an EventSource cannot send
  receiving.send('say', { text: 'hello' })
  // @ts-expect-error nor can its client stand in for one that can
  const narrowed: DuplexClient<ChatEvents> = receiving
  narrowed.connect()
  // @ts-expect-error commands need a transport that sends
  createClient<ChatEvents, ChatCommands>(eventSource('/chat'))
  // @ts-expect-error a client takes a transport, not a URL
  createClient('wss://example.com')
  // @ts-expect-error an event map is an object type
  createClient<string>(webSocket('/live'))
}

export function untypedClientsTakeAnything(): void {
  const client = createClient(webSocket('/live'))
  isTrue<Same<typeof client, DuplexClient<AnyEvents, AnyEvents>>>()
  isTrue<Same<typeof client, DuplexClient>>()

  client.on('anything', (data) => data.at.all)
  client.send('anything', { at: 'all' })
  client.send('anything')
  createClient(eventSource('/live')).on('anything', (data: { at: string }) => data.at)

  // @ts-expect-error a name is a string
  client.on(1, () => {})
}

export async function lifeOfAClient(client: RealtimeClient<ChatEvents>): Promise<void> {
  client.connect()
  client.reconnect()
  client.close()
  client.close(4000, 'bye')
  const opened: Promise<void> = client.opened({ signal: AbortSignal.timeout(1000) })
  await opened
  await client.opened()
  const id: string = client.lastEventId
  const off: Unsubscribe = client.onError((error) => isTrue<Same<typeof error, RealtimeError>>())
  const options: ListenOptions = { once: true }
  client.onState((state, previous) => isTrue<Same<typeof state, typeof previous>>(), options)
  off()

  // @ts-expect-error the state is the client's
  client.state = { status: 'idle' }
  // @ts-expect-error and so is the id
  client.lastEventId = id
  // @ts-expect-error a close code is a number
  client.close('bye')
  // @ts-expect-error there is no listener for an error by name
  client.on('error', () => {})
}

/** Every status, without a default: a new one would be an error here. */
export function stateNarrows(state: ConnectionState): string {
  // @ts-expect-error only an open one has it
  state.openedAt.toFixed()

  switch (state.status) {
    case 'idle':
      return state.status
    case 'connecting':
      // @ts-expect-error only a waiting one has it
      state.retryAt.toFixed()
      return `${state.attempt.toFixed()} ${state.error?.code}`
    case 'open':
      return `${state.transport.trim()} ${state.openedAt.toFixed()}`
    case 'waiting':
      return `${state.attempt.toFixed()} ${state.retryAt.toFixed()} ${state.error.code}`
    case 'suspended':
      isTrue<Same<typeof state.reason, 'offline' | 'hidden' | 'frozen'>>()
      return `${state.reason} ${state.error?.code}`
    case 'closed':
      // @ts-expect-error a plain close has no error
      state.error.code.trim()
      return state.error?.message ?? ''
  }
}

export function statesAreReplaced(state: ConnectionState): void {
  // @ts-expect-error they do not change
  state.status = 'idle'
}

// @ts-expect-error there is no such status
export const misspelt: ConnectionState['status'] = 'opened'

/** Every code, once: one more or one less would be an error here. */
export const codes: Readonly<Record<ErrorCode, true>> = {
  unreachable: true,
  timeout: true,
  silent: true,
  lost: true,
  ended: true,
  refused: true,
  unauthorized: true,
  'not-a-stream': true,
  insecure: true,
  'invalid-config': true,
  unsupported: true,
  decode: true,
  invalid: true,
  'too-large': true,
  'queue-full': true,
  'not-open': true,
  'receive-only': true,
  listener: true,
  expired: true,
  aborted: true,
}

export function errorsAreTyped(thrown: unknown): void {
  if (isRealtimeError(thrown)) isTrue<Same<typeof thrown, RealtimeError>>()

  const error = new RealtimeError('lost', 'gone', {
    retryable: true,
    status: 503,
    closeCode: 1006,
    closeReason: '',
    wasClean: false,
    retryAfter: 1000,
    hint: 'look at the proxy',
    cause: thrown,
  })
  const same: Error = error
  isTrue<Same<typeof error.name, 'RealtimeError'>>()
  isTrue<Same<typeof error.code, ErrorCode>>()
  isTrue<Same<typeof error.retryable, boolean>>()
  const status: number | undefined = error.status
  const closeCode: number | undefined = error.closeCode
  const closeReason: string | undefined = error.closeReason
  const wasClean: boolean | undefined = error.wasClean
  const retryAfter: number | undefined = error.retryAfter
  const hint: string | undefined = error.hint
  new RealtimeError('unauthorized')
  new RealtimeError('unauthorized', `${same}${status}${closeCode}${closeReason}${wasClean}${retryAfter}${hint}`)

  // @ts-expect-error no such code
  new RealtimeError('oops')
  // @ts-expect-error a status is a number
  new RealtimeError('refused', 'no', { status: '403' })
  // @ts-expect-error no such detail
  new RealtimeError('refused', 'no', { statusText: 'Forbidden' })
  // @ts-expect-error an error is read-only
  error.code = 'ended'
  // @ts-expect-error no such code to compare with
  if (error.code === 'oops') throw error
}

export function everyOptionOfAClient(environment: Environment): void {
  const reconnect: ReconnectOptions = { minDelay: 500, maxDelay: 5000, factor: 1.5, maxAttempts: 9, stableAfter: 1000 }
  const queue: QueueOptions = { maxMessages: 10, maxBytes: 1000, whenFull: 'drop-oldest' }
  const options: ClientOptions<ChatEvents> = {
    codec: json(),
    reconnect,
    openTimeout: 5000,
    handshake: () => {},
    heartbeat: { idle: 20_000, timeout: 2000, probe: { event: 'ping' } },
    lifecycle: { hidden: 60_000 },
    queue,
    maxMessageSize: 1_000_000,
    lastEventId: '41',
    signal: new AbortController().signal,
    environment,
  }
  createClient<ChatEvents>(webSocket('/live'), options)
  createClient<ChatEvents>(eventSource('/live'), options)
  createClient(webSocket('/live'), {})
  createClient(webSocket('/live'), { reconnect: false, queue: false })
  createClient(webSocket('/live'), { queue: { whenFull: 'throw' } })
  createClient(webSocket('/live'), { queue: { whenFull: 'drop-newest' } })
  createClient(webSocket('/live'), {
    codec: undefined,
    reconnect: undefined,
    openTimeout: undefined,
    handshake: undefined,
    heartbeat: undefined,
    lifecycle: undefined,
    queue: undefined,
    maxMessageSize: undefined,
    lastEventId: undefined,
    signal: undefined,
    environment: undefined,
  })

  // @ts-expect-error a misspelt option
  createClient(webSocket('/live'), { reconect: false })
  // @ts-expect-error on is the default, there is no `true`
  createClient(webSocket('/live'), { reconnect: true })
  // @ts-expect-error no such policy
  createClient(webSocket('/live'), { queue: { whenFull: 'drop' } })
  // @ts-expect-error durations are milliseconds
  createClient(webSocket('/live'), { openTimeout: '5s' })
  // @ts-expect-error options are read-only
  options.openTimeout = 1
}

export function handshakes(): void {
  const greet = async ({ attempt, send, next }: Handshake): Promise<void> => {
    isTrue<Same<typeof attempt, Attempt>>()
    send('hello', { token: attempt.error?.code })
    send('subscribe')
    const welcome = await next('welcome')
    isTrue<Same<typeof welcome, unknown>>()
    if (welcome === 'no') throw new RealtimeError('unauthorized')
  }
  createClient<ChatEvents, ChatCommands>(webSocket('/live'), { handshake: greet })
  createClient(eventSource('/live'), { handshake: async ({ next }) => void (await next('welcome')) })
  createClient(webSocket('/live'), { handshake: ({ send }) => send('hello') })

  // @ts-expect-error there is nothing to return
  createClient(webSocket('/live'), { handshake: async () => 'done' })
  // @ts-expect-error a handshake is a function
  createClient(webSocket('/live'), { handshake: true })
  // @ts-expect-error a name is a string
  createClient(webSocket('/live'), { handshake: ({ send }) => send(1) })
  // @ts-expect-error nobody knows what the server says: it has to be looked at
  createClient(webSocket('/live'), { handshake: async ({ next }) => (await next('welcome')).room })
  createClient(webSocket('/live'), {
    handshake: (link) => {
      // @ts-expect-error the client closes its link
      link.close()
      // @ts-expect-error an attempt is read-only
      link.attempt.attempt = 1
    },
  })
}

export function heartbeats(): void {
  const heartbeat: HeartbeatOptions = { idle: 20_000, timeout: 2000, probe: { event: 'ping', data: { at: 1 } } }
  createClient(webSocket('/live'), { heartbeat })
  createClient(eventSource('/live'), { heartbeat: { idle: 20_000 } })
  createClient(webSocket('/live'), { heartbeat: {} })
  createClient(webSocket('/live'), { heartbeat: false })
  createClient(webSocket('/live'), { heartbeat: { idle: undefined, timeout: undefined, probe: undefined } })
  createClient(webSocket('/live'), { heartbeat: { probe: () => 'ping' } })
  createClient(webSocket('/live'), { heartbeat: { probe: () => new Uint8Array([9]) } })

  // @ts-expect-error on with the defaults is `{}`
  createClient(webSocket('/live'), { heartbeat: true })
  // @ts-expect-error durations are milliseconds
  createClient(webSocket('/live'), { heartbeat: { idle: '30s' } })
  // @ts-expect-error a probe is an event or a function
  createClient(webSocket('/live'), { heartbeat: { probe: 'ping' } })
  // @ts-expect-error an event has a name
  createClient(webSocket('/live'), { heartbeat: { probe: { data: 1 } } })
  // @ts-expect-error an object is no frame
  createClient(webSocket('/live'), { heartbeat: { probe: () => ({ type: 'ping' }) } })
  // @ts-expect-error a misspelt option
  createClient(webSocket('/live'), { heartbeat: { interval: 30_000 } })
  // @ts-expect-error options are read-only
  heartbeat.idle = 1
}

export function lifecycles(): void {
  const lifecycle: LifecycleOptions = { hidden: 60_000 }
  createClient(webSocket('/live'), { lifecycle })
  createClient(eventSource('/live'), { lifecycle: { hidden: 'keep' } })
  createClient(webSocket('/live'), { lifecycle: {} })
  createClient(webSocket('/live'), { lifecycle: { hidden: undefined } })

  // @ts-expect-error milliseconds, or 'keep'
  createClient(webSocket('/live'), { lifecycle: { hidden: 'close' } })
  // @ts-expect-error giving up at once is 0
  createClient(webSocket('/live'), { lifecycle: { hidden: true } })
  // @ts-expect-error a frozen page cannot keep its link
  createClient(webSocket('/live'), { lifecycle: { frozen: 'keep' } })
  // @ts-expect-error options are read-only
  lifecycle.hidden = 'keep'
}

export function reconnectPolicies(): void {
  const policy: ReconnectPolicy = ({ attempt, error, elapsed, random }) => {
    isTrue<Same<typeof attempt, number>>()
    isTrue<Same<typeof elapsed, number>>()
    return error.code === 'refused' ? null : 1000 * attempt * random()
  }
  createClient(webSocket('/live'), { reconnect: policy })
  createClient(webSocket('/live'), { reconnect: ({ attempt }) => (attempt > 3 ? null : 1000) })

  // @ts-expect-error milliseconds, or `null` to stop
  createClient(webSocket('/live'), { reconnect: () => false })
}

export function codecs(): void {
  const built: readonly Codec[] = [json(), json({ typeKey: 'kind', dataKey: 'body', idKey: 'seq' }), text(), binary()]
  json({ dataKey: false })

  const csv: Codec = {
    decode(frame: Inbound): Message | undefined {
      if (typeof frame.data !== 'string') return undefined

      isTrue<Same<typeof frame.data, string>>()
      const [event = 'message', data] = frame.data.split(',')
      return { event, data, id: frame.id }
    },
    encode: ({ event, data }: Message): Frame => `${event},${data}`,
  }
  const bytes: Codec = {
    decode: ({ data }) => ({ event: 'message', data }),
    encode: () => new Uint8Array([1]),
  }
  for (const codec of [...built, csv, bytes]) createClient(webSocket('/live'), { codec })

  // @ts-expect-error an object is no frame
  const wrong: Codec = { decode: () => undefined, encode: ({ data }) => ({ data }) }
  createClient(webSocket('/live'), { codec: wrong })
  // @ts-expect-error a message has a name
  const nameless: Codec = { decode: ({ data }) => ({ data }), encode: () => '' }
  createClient(webSocket('/live'), { codec: nameless })
  // @ts-expect-error `false`, or a key
  json({ dataKey: true })
}

export function webSocketOptions(): void {
  const transport: DuplexTransport = webSocket('wss://example.com/live', {
    protocols: 'chat.v1',
    whenEnded: ({ status, closeCode, closeReason }) => {
      if (closeCode === 4001 && closeReason === 'expired') return 'reauthorize'
      return status === 403 ? 'stop' : undefined
    },
    WebSocket,
  })
  const any: Transport = transport
  isTrue<Same<typeof transport.duplex, true>>()
  isTrue<Same<typeof any.name, string>>()

  webSocket(new URL('wss://example.com/live'), {})
  webSocket(async ({ lastEventId, signal }) => `/live?since=${lastEventId}&aborted=${signal.aborted}`)
  webSocket(({ attempt }) => new URL(`wss://example.com/live?attempt=${attempt}`))
  webSocket('/live', { protocols: ['chat.v2', 'chat.v1'] as const })
  webSocket('/live', { protocols: async ({ error }) => ['bearer', error?.code ?? 'fresh'] })
  webSocket('/live', { protocols: undefined, whenEnded: undefined, WebSocket: undefined })

  // @ts-expect-error a URL is text or a URL
  webSocket(443)
  // @ts-expect-error a provider brings a URL
  webSocket(async () => 443)
  // @ts-expect-error a protocol is text
  webSocket('/live', { protocols: [1] })
  // @ts-expect-error no such answer
  webSocket('/live', { whenEnded: () => 'again' })
  // @ts-expect-error a WebSocket has no headers
  webSocket('/live', { headers: {} })
}

export function eventSourceOptions(): void {
  const transport: Transport = eventSource('/live', {
    withCredentials: true,
    events: ['message', 'typing'],
    lastEventIdParam: 'since',
    EventSource,
  })
  createClient(transport)
  eventSource(new URL('https://example.com/live'), {})
  eventSource(({ lastEventId }) => `/live?since=${lastEventId}`)
  eventSource('/live', {
    withCredentials: undefined,
    events: undefined,
    lastEventIdParam: undefined,
    EventSource: undefined,
  })

  // @ts-expect-error it only receives
  const duplex: DuplexTransport = eventSource('/live')
  createClient(duplex)
  // @ts-expect-error an EventSource has no headers
  eventSource('/live', { headers: {} })
  // @ts-expect-error a list of names
  eventSource('/live', { events: 'message' })
}

export function upstreams(): void {
  const transport: DuplexTransport = withUpstream(eventSource('/events'), '/messages', {
    method: 'PUT',
    headers: ({ attempt, error }) => ({ 'x-try': `${attempt} ${error?.code}` }),
    credentials: 'include',
    fetch,
  })
  withUpstream(eventSource('/events'), new URL('https://example.com/'), { headers: undefined })
  withUpstream(eventSource('/events'), async ({ lastEventId }) => `/messages?since=${lastEventId}`)
  createClient<ChatEvents, ChatCommands>(transport).send('leave')

  // @ts-expect-error it needs somewhere to send to
  withUpstream(eventSource('/events'))
  // @ts-expect-error a URL is no transport
  withUpstream('/events', '/messages')
  // @ts-expect-error the message is the body
  withUpstream(eventSource('/events'), '/messages', { body: '' })
  // @ts-expect-error no such command
  createClient<ChatEvents, ChatCommands>(transport).send('oops')
}

export function providersAreValuesOrFunctions(attempt: Attempt): void {
  const providers: readonly Provider<string>[] = [
    'value',
    () => 'value',
    async () => 'value',
    ({ lastEventId }) => lastEventId,
  ]
  const policy: EndPolicy = () => undefined
  isTrue<Same<typeof attempt.attempt, number>>()
  isTrue<Same<typeof attempt.signal, AbortSignal>>()
  isTrue<Same<typeof attempt.error, RealtimeError | undefined>>()
  webSocket(providers[0] ?? '/live', { whenEnded: policy })

  // @ts-expect-error neither the value nor a function that brings it
  const wrong: Provider<string> = () => 1
  webSocket(wrong)
  // @ts-expect-error an attempt is read-only
  attempt.lastEventId = '1'
}

/** A transport of the user's own, as the contract of the seam has it. */
export function ownTransport(): void {
  const own: DuplexTransport = {
    name: 'own',
    duplex: true,
    open(request: LinkRequest, observer: LinkObserver): Link {
      const { deadline, events, maxMessageSize, environment, signal } = request
      const names: readonly string[] = events
      const host: Environment = environment
      observer.opened()
      observer.opened({ transport: 'own', shared: false })
      observer.received({ data: `${deadline} ${maxMessageSize} ${names} ${host} ${signal.aborted}` })
      observer.received({ data: new ArrayBuffer(1), event: 'bytes', id: '1' })
      observer.alive()
      observer.retryAfter(1000)
      observer.interrupted(new RealtimeError('lost'), 0)
      observer.ended(new RealtimeError('lost', 'gone', { closeCode: 1006, wasClean: false }))

      // @ts-expect-error a link ends with an error that says why
      observer.ended()
      // @ts-expect-error a payload comes as text or bytes
      observer.received({ data: 1 })

      return {
        send(frame: Frame) {
          isTrue<Same<typeof frame, string | ArrayBuffer | ArrayBufferView>>()
        },
        bufferedAmount: 0,
        listen: (event: string) => event.trim(),
        close: (code?: number, reason?: string) => reason?.trim() ?? code,
      }
    },
  }
  createClient<ChatEvents, ChatCommands>(own).send('leave')
  createClient({ name: 'least', open: () => ({ close: () => {} }) }).connect()

  // @ts-expect-error a link can be closed
  createClient({ name: 'endless', open: () => ({}) })
  // @ts-expect-error a transport has a name
  createClient({ open: () => ({ close: () => {} }) })
  // @ts-expect-error what is not duplex has no sending client
  createClient({ name: 'half', open: () => ({ close: () => {} }) }).send('x')
}

export async function testingKit(): Promise<void> {
  const environment = fakeEnvironment({ random: () => 0.5, now: 0 })
  const transport = fakeTransport({ duplex: true, name: 'fake' })
  const client = createClient<ChatEvents, ChatCommands>(transport, { environment })
  const links: readonly FakeLink[] = transport.links
  const link = links.at(-1)

  const advanced: Promise<void> = environment.advance(1000)
  await advanced
  isTrue<Same<typeof environment.held, number>>()
  environment.setOnline(false)
  environment.setVisible(true)
  environment.freeze()
  environment.resume()
  environment.pageHide(true)
  environment.pageShow(true)
  link?.open()
  link?.receive('{"type":"typing","data":"Ann"}')
  link?.receive({ data: 'Ann', event: 'typing', id: '1' })
  link?.end()
  link?.end({ code: 'refused', status: 403 })
  link?.end({ closeCode: 1006, closeReason: '', retryAfter: 1000 })
  const sent: readonly Frame[] | undefined = link?.sent
  const closed: boolean | undefined = link?.closed
  fakeEnvironment()
  fakeTransport()
  client.send('say', { text: `${sent} ${closed}` })

  // @ts-expect-error links come from attempts
  transport.links = []
  // @ts-expect-error time moves by `advance`
  environment.held = 0
  // @ts-expect-error no such code
  link?.end({ code: 'oops' })
}

/** A helper of the user's own that works with any map, and for any client. */
export function genericHelper<In extends EventMap>(client: RealtimeClient<In>): Unsubscribe {
  return client.onAny((_, meta: Meta) => meta.event)
}

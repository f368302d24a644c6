/** The options of a client. */
import type {
  Attempt,
  ClientOptions,
  Codec,
  Environment,
  Frame,
  Handshake,
  HeartbeatOptions,
  LifecycleOptions,
  QueueOptions,
  ReconnectOptions,
  ReconnectPolicy,
} from 'holdfast'
import { createClient, eventSource, json, RealtimeError, webSocket } from 'holdfast'
import type { ChatCommands, ChatEvents } from './chat.ts'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

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

export function optionsAreExact(): void {
  type Options = ClientOptions<ChatEvents>
  isTrue<
    Same<
      Pick<Options, 'codec' | 'reconnect' | 'openTimeout' | 'handshake' | 'heartbeat' | 'lifecycle' | 'queue'>,
      {
        readonly codec?: Codec | undefined
        readonly reconnect?: false | ReconnectOptions | ReconnectPolicy | undefined
        readonly openTimeout?: number | undefined
        readonly handshake?: ((link: Handshake) => void | Promise<void>) | undefined
        readonly heartbeat?: false | HeartbeatOptions | undefined
        readonly lifecycle?: LifecycleOptions | undefined
        readonly queue?: false | QueueOptions | undefined
      }
    >
  >()
  isTrue<
    Same<
      Pick<Options, 'dedupe' | 'maxMessageSize' | 'lastEventId' | 'signal' | 'environment'>,
      {
        readonly dedupe?: number | undefined
        readonly maxMessageSize?: number | undefined
        readonly lastEventId?: string | undefined
        readonly signal?: AbortSignal | undefined
        readonly environment?: Environment | undefined
      }
    >
  >()
}

export function partsOfOptionsAreExact(): void {
  isTrue<
    Same<
      Pick<ReconnectOptions, 'minDelay' | 'maxDelay' | 'factor' | 'maxAttempts' | 'stableAfter'>,
      {
        readonly minDelay?: number | undefined
        readonly maxDelay?: number | undefined
        readonly factor?: number | undefined
        readonly maxAttempts?: number | undefined
        readonly stableAfter?: number | undefined
      }
    >
  >()
  isTrue<
    Same<
      Pick<HeartbeatOptions, 'idle' | 'timeout' | 'probe'>,
      {
        readonly idle?: number | undefined
        readonly timeout?: number | undefined
        readonly probe?: { readonly event: string; readonly data?: unknown } | (() => Frame) | undefined
      }
    >
  >()
  isTrue<Same<Pick<LifecycleOptions, 'hidden'>, { readonly hidden?: 'keep' | number | undefined }>>()
  isTrue<
    Same<
      Pick<QueueOptions, 'maxMessages' | 'maxBytes' | 'whenFull'>,
      {
        readonly maxMessages?: number | undefined
        readonly maxBytes?: number | undefined
        readonly whenFull?: 'throw' | 'drop-oldest' | 'drop-newest' | undefined
      }
    >
  >()
  isTrue<
    Same<
      ReconnectPolicy,
      (context: {
        readonly attempt: number
        readonly error: RealtimeError
        readonly elapsed: number
        readonly random: () => number
      }) => number | null
    >
  >()
  isTrue<Same<Pick<Handshake, 'attempt'>, { readonly attempt: Attempt }>>()
  isTrue<Same<Handshake['send'], (event: string, data?: unknown) => void>>()
  isTrue<Same<Handshake['next'], (event: string) => Promise<unknown>>>()
}

export function queuesAndResumes(queue: QueueOptions, reconnect: ReconnectOptions): void {
  createClient(webSocket('/live'), { dedupe: 100, lastEventId: '41' })
  createClient(webSocket('/live'), { dedupe: undefined, schemas: undefined })
  createClient(webSocket('/live'), { queue: {}, reconnect: {} })
  createClient(webSocket('/live'), { queue: { maxMessages: undefined, maxBytes: undefined, whenFull: undefined } })
  createClient(webSocket('/live'), { reconnect: { minDelay: undefined, maxAttempts: Infinity } })

  // @ts-expect-error so many ids, not whether
  createClient(webSocket('/live'), { dedupe: true })
  // @ts-expect-error an id is text
  createClient(webSocket('/live'), { lastEventId: 41 })
  // @ts-expect-error on is the default
  createClient(webSocket('/live'), { queue: true })
  // @ts-expect-error a misspelt option
  createClient(webSocket('/live'), { queue: { maxMessage: 1 } })
  // @ts-expect-error a misspelt option
  createClient(webSocket('/live'), { reconnect: { delay: 1 } })
  // @ts-expect-error a codec that was not called
  createClient(webSocket('/live'), { codec: json })
  // @ts-expect-error a signal, not its controller
  createClient(webSocket('/live'), { signal: new AbortController() })
  // @ts-expect-error null is not undefined
  createClient(webSocket('/live'), { queue: null })
  // @ts-expect-error options are read-only
  queue.maxBytes = 1
  // @ts-expect-error options are read-only
  reconnect.factor = 1
}

export function policiesAnswerWithNumbers(): void {
  // @ts-expect-error a policy answers at once
  createClient(webSocket('/live'), { reconnect: async () => 1000 })
  // @ts-expect-error null, not undefined, stops
  createClient(webSocket('/live'), { reconnect: () => undefined })
  // @ts-expect-error milliseconds
  createClient(webSocket('/live'), { reconnect: () => '1s' })
  createClient(webSocket('/live'), {
    reconnect: (context) => {
      // @ts-expect-error what a policy is told is read-only
      context.attempt = 1
      return null
    },
  })
}

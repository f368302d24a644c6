/** The transports, and what they ask at every attempt. */
import type { Attempt, DuplexTransport, EndPolicy, Provider, RealtimeError, Transport } from 'holdfast'
import { createClient, eventSource, fetchStream, webSocket } from 'holdfast'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

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

export function transportOptionsAreExact(): void {
  type OptionsOf<F extends (...all: never) => unknown> = NonNullable<Parameters<F>[1 & keyof Parameters<F>]>
  isTrue<
    Same<
      Pick<OptionsOf<typeof webSocket>, 'protocols' | 'whenEnded' | 'WebSocket'>,
      {
        readonly protocols?: Provider<string | readonly string[]> | undefined
        readonly whenEnded?: EndPolicy | undefined
        readonly WebSocket?: typeof WebSocket | undefined
      }
    >
  >()
  isTrue<
    Same<
      Pick<OptionsOf<typeof eventSource>, 'withCredentials' | 'events' | 'lastEventIdParam' | 'EventSource'>,
      {
        readonly withCredentials?: boolean | undefined
        readonly events?: readonly string[] | undefined
        readonly lastEventIdParam?: string | undefined
        readonly EventSource?: typeof EventSource | undefined
      }
    >
  >()
  isTrue<
    Same<
      Pick<
        OptionsOf<typeof fetchStream>,
        'method' | 'headers' | 'body' | 'credentials' | 'lastEventIdParam' | 'whenEnded' | 'fetch'
      >,
      {
        readonly method?: string | undefined
        readonly headers?: Provider<HeadersInit> | undefined
        readonly body?: Provider<BodyInit | null> | undefined
        readonly credentials?: RequestCredentials | undefined
        readonly lastEventIdParam?: string | false | undefined
        readonly whenEnded?: EndPolicy | undefined
        readonly fetch?: typeof fetch | undefined
      }
    >
  >()
  isTrue<Same<Parameters<typeof webSocket>[0], Provider<string | URL>>>()
  isTrue<Same<Parameters<typeof eventSource>[0], Provider<string | URL>>>()
  isTrue<Same<Parameters<typeof fetchStream>[0], Provider<string | URL>>>()
  isTrue<Same<ReturnType<typeof webSocket>, DuplexTransport>>()
  isTrue<Same<ReturnType<typeof eventSource>, Transport>>()
  isTrue<Same<ReturnType<typeof fetchStream>, Transport>>()
}

export function providersAndPoliciesAreExact(): void {
  isTrue<
    Same<
      Pick<Attempt, 'attempt' | 'lastEventId' | 'error' | 'signal'>,
      {
        readonly attempt: number
        readonly lastEventId: string
        readonly error?: RealtimeError | undefined
        readonly signal: AbortSignal
      }
    >
  >()
  isTrue<Same<Provider<'x'>, 'x' | ((attempt: Attempt) => 'x' | Promise<'x'>)>>()
  isTrue<Same<ReturnType<EndPolicy>, 'retry' | 'stop' | 'reauthorize' | undefined>>()
  isTrue<
    Same<
      Pick<Parameters<EndPolicy>[0], 'status' | 'closeCode' | 'closeReason'>,
      { readonly status?: number; readonly closeCode?: number; readonly closeReason?: string }
    >
  >()
  isTrue<Same<Parameters<EndPolicy>['length'], 1>>()
}

export function fetchStreamOptions(token: () => Promise<string>): void {
  const transport = fetchStream('/live', {
    method: 'POST',
    headers: async ({ error }) => ({ authorization: error ? await token() : 'kept' }),
    body: ({ lastEventId }) => JSON.stringify({ since: lastEventId }),
    credentials: 'include',
    lastEventIdParam: 'since',
    whenEnded: ({ status }) => (status === 410 ? 'stop' : 'retry'),
    fetch,
  })
  createClient(transport)
  fetchStream(new URL('https://example.com/live'), {})
  fetchStream(async ({ attempt }) => `/live?attempt=${attempt}`)
  fetchStream('/live', { headers: { accept: 'text/event-stream' }, body: null, lastEventIdParam: false })
  fetchStream('/live', { headers: [['a', 'b']], body: new FormData() })
  fetchStream('/live', { headers: new Headers(), body: async () => new Blob() })
  fetchStream('/live', { fetch: async (input, init) => fetch(input, init) })
  fetchStream('/live', {
    method: undefined,
    headers: undefined,
    body: undefined,
    credentials: undefined,
    lastEventIdParam: undefined,
    whenEnded: undefined,
    fetch: undefined,
  })

  // @ts-expect-error it only receives
  const duplex: DuplexTransport = fetchStream('/live')
  createClient(duplex)
  // @ts-expect-error an object is no body
  fetchStream('/live', { body: { since: 1 } })
  // @ts-expect-error a header is text
  fetchStream('/live', { headers: { 'x-count': 1 } })
  // @ts-expect-error no such mode
  fetchStream('/live', { credentials: 'always' })
  // @ts-expect-error a name, or false
  fetchStream('/live', { lastEventIdParam: true })
  // @ts-expect-error a fetch brings a Response
  fetchStream('/live', { fetch: async () => 'data: 1' })
  // @ts-expect-error as in EventSource
  fetchStream('/live', { withCredentials: true })
  // @ts-expect-error a URL is needed
  fetchStream()
}

export function moreOfTheOthers(attempt: Attempt): void {
  eventSource('/live', { events: ['a', 'b'] as const })

  // @ts-expect-error a URL is needed
  webSocket()
  // @ts-expect-error a URL is needed
  eventSource()
  // @ts-expect-error another WebSocket is a constructor
  webSocket('/live', { WebSocket: () => new WebSocket('/live') })
  // @ts-expect-error another EventSource is a constructor
  eventSource('/live', { EventSource: 'EventSource' })
  // @ts-expect-error a policy answers at once
  webSocket('/live', { whenEnded: async () => 'stop' })
  // @ts-expect-error a policy knows no error
  webSocket('/live', { whenEnded: ({ error }) => error })
  // @ts-expect-error an EventSource sees no end to judge
  eventSource('/live', { whenEnded: () => 'stop' })
  // @ts-expect-error `false` is for a stream's header, which an EventSource cannot set
  eventSource('/live', { lastEventIdParam: false })
  // @ts-expect-error an attempt is read-only
  attempt.signal = AbortSignal.abort()
  // @ts-expect-error an attempt is read-only
  attempt.error = undefined
}

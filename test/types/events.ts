/** Events: maps, meta, and how to listen. */
import type {
  AnyEvents,
  ConnectionState,
  EventMap,
  ListenOptions,
  Meta,
  RealtimeClient,
  RealtimeError,
  Unsubscribe,
} from 'holdfast'
import type { ChatEvents } from './chat.ts'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

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

/** A helper of the user's own that works with any map, and for any client. */
export function genericHelper<In extends EventMap>(client: RealtimeClient<In>): Unsubscribe {
  return client.onAny((_, meta: Meta) => meta.event)
}

export function mapsAreObjects(): void {
  isTrue<Same<EventMap, object>>()
  // biome-ignore lint/suspicious/noExplicitAny: it is what the contract says
  isTrue<Same<AnyEvents, Record<string, any>>>()
  isTrue<Same<Unsubscribe, () => void>>()
}

export function metaIsExact(): void {
  isTrue<
    Same<
      Pick<Meta<'typing'>, 'event' | 'id' | 'transport' | 'receivedAt'>,
      { readonly event: 'typing'; readonly id: string; readonly transport: string; readonly receivedAt: number }
    >
  >()
  isTrue<Same<Meta['event'], string>>()
  isTrue<Same<Meta, Meta<string>>>()

  // @ts-expect-error a name is a string
  isTrue<Same<Meta<1>, Meta>>()
}

export function listenOptionsAreExact(): void {
  isTrue<
    Same<
      Pick<ListenOptions, 'signal' | 'once'>,
      { readonly signal?: AbortSignal | undefined; readonly once?: boolean | undefined }
    >
  >()
}

/** As the contract writes them, for a map that is an interface and so has no index signature. */
export function subscriptionsAreExact(): void {
  type Client = RealtimeClient<ChatEvents>
  isTrue<
    Same<
      Client['on'],
      <E extends keyof ChatEvents & string>(
        event: E,
        listener: (data: ChatEvents[E], meta: Meta<E>) => void,
        options?: ListenOptions,
      ) => Unsubscribe
    >
  >()
  isTrue<
    Same<
      Client['onAny'],
      (
        listener: (data: ChatEvents[keyof ChatEvents], meta: Meta<keyof ChatEvents>) => void,
        options?: ListenOptions,
      ) => Unsubscribe
    >
  >()
  isTrue<
    Same<
      Client['onState'],
      (listener: (state: ConnectionState, previous: ConnectionState) => void, options?: ListenOptions) => Unsubscribe
    >
  >()
  isTrue<Same<Client['onError'], (listener: (error: RealtimeError) => void, options?: ListenOptions) => Unsubscribe>>()
}

export function listenersAreChecked(client: RealtimeClient<ChatEvents>, name: 'message' | 'typing'): void {
  // One listener for two events gets either payload, and either name.
  client.on(name, (data, meta) => {
    isTrue<Same<typeof data, ChatEvents['message'] | string>>()
    isTrue<Same<typeof meta.event, 'message' | 'typing'>>()
  })
  // A listener may take less, and give back anything.
  client.on('message', () => 1)
  client.on('message', ({ from }) => from)
  client.onState(({ status }) => status)

  // @ts-expect-error a listener is needed
  client.on('message')
  // @ts-expect-error a meta has a name of its own event
  client.on('message', (_, meta: Meta<'typing'>) => meta)
  // @ts-expect-error a listener is no list
  client.on('message', [])
  // @ts-expect-error a signal, not its controller
  client.onAny(() => {}, { signal: new AbortController() })
  // @ts-expect-error `once` is a boolean
  client.onError(() => {}, { once: 1 })
  // @ts-expect-error a state has no payload
  client.onState(({ data }) => data)
}

/** Keys that are no strings are no names. */
export function namesAreStrings(client: RealtimeClient<{ a: 1; 2: 'two'; [Symbol.iterator]: 3 }>): void {
  client.on('a', (data) => isTrue<Same<typeof data, 1>>())
  client.onAny((data, { event }) => {
    isTrue<Same<typeof data, 1>>()
    isTrue<Same<typeof event, 'a'>>()
  })

  // @ts-expect-error a number is no name
  client.on(2, () => {})
  // @ts-expect-error nor is a symbol
  client.on(Symbol.iterator, () => {})
}

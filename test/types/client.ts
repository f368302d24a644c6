/** The client: what makes one, and its life. */
import type {
  AnyEvents,
  ClientOptions,
  ConnectionState,
  DuplexClient,
  DuplexTransport,
  ListenOptions,
  RealtimeClient,
  RealtimeError,
  Transport,
  Unsubscribe,
} from 'holdfast'
import { createClient, eventSource, fetchStream, webSocket } from 'holdfast'
import type { ChatCommands, ChatEvents } from './chat.ts'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

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

export function clientsAreExact(): void {
  type Client = RealtimeClient<ChatEvents>
  isTrue<
    Same<Pick<Client, 'state' | 'lastEventId'>, { readonly state: ConnectionState; readonly lastEventId: string }>
  >()
  isTrue<Same<Client['connect'], () => void>>()
  isTrue<Same<Client['reconnect'], () => void>>()
  isTrue<Same<Client['close'], (code?: number, reason?: string) => void>>()
  isTrue<Same<Client['opened'], (options?: { readonly signal?: AbortSignal | undefined }) => Promise<void>>>()
}

export function onlyDuplexClientsSend(receiving: RealtimeClient<ChatEvents>): void {
  // @ts-expect-error it only receives
  receiving.send('say', { text: 'hello' })
  // @ts-expect-error so nothing waits to go out
  receiving.bufferedAmount.toFixed()
  // @ts-expect-error and nothing can be waited for
  receiving.drained()
  // @ts-expect-error nor does one over a stream
  createClient(fetchStream('/live')).send('say')
}

export function defaultsAreAnyEvents(): void {
  isTrue<Same<RealtimeClient, RealtimeClient<AnyEvents>>>()
  isTrue<Same<DuplexClient<ChatEvents>, DuplexClient<ChatEvents, AnyEvents>>>()
  isTrue<Same<ClientOptions, ClientOptions<AnyEvents>>>()
}

export function whatMakesAClient(transport: Transport, duplex: DuplexTransport): void {
  const receiving = createClient<ChatEvents>(transport, undefined)
  const both = createClient<ChatEvents>(duplex, undefined)
  isTrue<Same<typeof receiving, RealtimeClient<ChatEvents>>>()
  isTrue<Same<typeof both, DuplexClient<ChatEvents, AnyEvents>>>()

  // @ts-expect-error a transport is needed
  createClient()
  // @ts-expect-error nor will null do
  createClient(null)
  // @ts-expect-error a URL is for a transport
  createClient(new URL('wss://example.com'))
  // @ts-expect-error options are an object
  createClient(duplex, 'json')
  // @ts-expect-error a class of its own there is not
  new createClient(duplex)
}

export async function openedTakesASignal(client: RealtimeClient): Promise<void> {
  await client.opened({})
  await client.opened({ signal: undefined })

  // @ts-expect-error a deadline is a signal
  await client.opened({ timeout: 1000 })
  // @ts-expect-error nothing comes of it
  const nothing: string = await client.opened()
  // @ts-expect-error a reason is text
  client.close(4000, new Error(nothing))
}

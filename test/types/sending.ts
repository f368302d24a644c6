/** The sending half. */
import type { DuplexClient, RealtimeClient, SendOptions } from 'holdfast'
import type { ChatCommands, ChatEvents } from './chat.ts'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

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

export function sendingIsExact(): void {
  type Client = DuplexClient<ChatEvents, ChatCommands>
  isTrue<
    Same<
      Client['send'],
      <E extends keyof ChatCommands & string>(
        event: E,
        ...data: undefined extends ChatCommands[E]
          ? [data?: ChatCommands[E], options?: SendOptions]
          : [data: ChatCommands[E], options?: SendOptions]
      ) => 'sent' | 'queued' | 'dropped'
    >
  >()
  isTrue<Same<Pick<Client, 'bufferedAmount'>, { readonly bufferedAmount: number }>>()
  isTrue<
    Same<
      Client['drained'],
      (options?: { readonly below?: number | undefined; readonly signal?: AbortSignal | undefined }) => Promise<void>
    >
  >()
  isTrue<
    Same<
      Pick<SendOptions, 'ttl' | 'volatile'>,
      { readonly ttl?: number | undefined; readonly volatile?: boolean | undefined }
    >
  >()
  const receiving: RealtimeClient<ChatEvents> = {} as Client
  receiving.connect()
}

export function sendOptions(client: DuplexClient<ChatEvents, ChatCommands>): void {
  client.send('say', { text: 'hello' }, { ttl: 1000, volatile: true })
  client.send('say', { text: 'hello' }, {})
  client.send('say', { text: 'hello' }, { ttl: undefined, volatile: undefined })
  client.send('leave', undefined, { ttl: 1000 })
  client.send('nudge', 1, { volatile: true })

  // @ts-expect-error options come after the payload
  client.send('leave', { ttl: 1000 })
  // @ts-expect-error milliseconds
  client.send('leave', undefined, { ttl: '1s' })
  // @ts-expect-error a misspelt option
  client.send('leave', undefined, { tll: 1000 })
  // @ts-expect-error three arguments are all
  client.send('leave', undefined, {}, {})
  // @ts-expect-error null is not undefined
  client.send('leave', null)
  // @ts-expect-error `say` needs its payload, options or not
  client.send('say', undefined, { ttl: 1000 })
}

export interface Payloads {
  anything: unknown
  // biome-ignore lint/suspicious/noExplicitAny: as somebody who types nothing writes it
  any: any
  maybe: string | undefined
  // biome-ignore lint/suspicious/noConfusingVoidType: as somebody who means undefined writes it
  void: void
  always: string
}

/** Who does not say what goes out may send anything; who says `unknown` or `any` may leave it out. */
export function optionalPayloads(client: DuplexClient<ChatEvents, Payloads>, untyped: DuplexClient<ChatEvents>): void {
  client.send('anything')
  client.send('anything', { at: 'all' })
  client.send('any')
  client.send('maybe')
  client.send('maybe', 'so')
  client.send('void')
  untyped.send('whatever')
  untyped.send('whatever', { at: 'all' }, { volatile: true })

  // @ts-expect-error a text, always
  client.send('always')
  // @ts-expect-error not with undefined either
  client.send('always', undefined)
}

export async function pacing(client: DuplexClient<ChatEvents, ChatCommands>): Promise<void> {
  await client.drained()
  await client.drained({ below: 64_000, signal: AbortSignal.timeout(1000) })
  await client.drained({ below: undefined, signal: undefined })

  // @ts-expect-error bytes
  await client.drained({ below: '1 MB' })
  // @ts-expect-error bytes stand in an option
  await client.drained(64_000)
  // @ts-expect-error it is read, not set
  client.bufferedAmount = 0
}

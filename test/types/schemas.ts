/** Schemas: what they are, and what they infer, without a library. See libraries/. */
import type { AnyEvents, ClientOptions, DuplexClient, RealtimeClient, StandardSchemaV1 } from 'holdfast'
import { createClient, eventSource, webSocket } from 'holdfast'
import type { ChatCommands, ChatEvents } from './chat.ts'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

type Schema<Output, Input = unknown> = StandardSchemaV1<Input, Output>

export function schemasAreExact(): void {
  isTrue<
    Same<
      Pick<StandardSchemaV1<'in', 'out'>['~standard'], 'version' | 'vendor' | 'validate' | 'types'>,
      {
        readonly version: 1
        readonly vendor: string
        readonly validate: (value: unknown) => unknown
        readonly types?: { readonly input: 'in'; readonly output: 'out' } | undefined
      }
    >
  >()
  isTrue<
    Same<Pick<StandardSchemaV1, '~standard'>, { readonly '~standard': StandardSchemaV1<unknown, unknown>['~standard'] }>
  >()
  // Without an output the input comes out.
  isTrue<Same<StandardSchemaV1<'in'>, StandardSchemaV1<'in', 'in'>>>()
  isTrue<
    Same<
      NonNullable<ClientOptions<ChatEvents>['schemas']>,
      {
        readonly message?: Schema<ChatEvents['message']>
        readonly typing?: Schema<string>
        readonly cleared?: Schema<undefined>
      }
    >
  >()
  isTrue<
    Same<Pick<ClientOptions<{ a: 1 }>, 'schemas'>, { readonly schemas?: { readonly a?: Schema<1> } | undefined }>
  >()
}

export async function schemasInferTheEvents(
  price: Schema<{ at: number }>,
  name: Schema<string, string>,
): Promise<void> {
  const receiving = createClient(eventSource('/live'), { schemas: { price, name } })
  isTrue<Same<typeof receiving, RealtimeClient<{ price: { at: number }; name: string }>>>()
  receiving.on('price', (data) => isTrue<Same<typeof data, { at: number }>>())
  receiving.onAny((data, { event }) => {
    isTrue<Same<typeof data, string | { at: number }>>()
    isTrue<Same<typeof event, 'price' | 'name'>>()
  })
  for await (const data of receiving.events('name')) isTrue<Same<typeof data, string>>()

  const duplex = createClient(webSocket('/live'), { schemas: { price } })
  isTrue<Same<typeof duplex, DuplexClient<{ price: { at: number } }, AnyEvents>>>()
  duplex.send('anything', { at: 'all' })

  // @ts-expect-error there is no such event
  receiving.on('prices', () => {})
  // @ts-expect-error its payload is an object
  receiving.on('price', (data: number) => data)
  // @ts-expect-error it only receives
  receiving.send('price')
}

export function schemasKeepToTheMap(message: Schema<ChatEvents['message']>, typing: Schema<string>): void {
  createClient<ChatEvents>(webSocket('/live'), { schemas: {} })
  createClient<ChatEvents>(webSocket('/live'), { schemas: { message } })
  createClient<ChatEvents>(eventSource('/live'), { schemas: { message, typing } })
  createClient<ChatEvents, ChatCommands>(webSocket('/live'), { schemas: { typing } })

  // @ts-expect-error it brings the payload of another event
  createClient<ChatEvents>(webSocket('/live'), { schemas: { message: typing } })
  // @ts-expect-error there is no such event
  createClient<ChatEvents>(webSocket('/live'), { schemas: { mesage: message } })
  // @ts-expect-error what goes out has no schemas
  createClient<ChatEvents, ChatCommands>(webSocket('/live'), { schemas: { leave: typing } })
  // @ts-expect-error a function is no schema
  createClient<ChatEvents>(webSocket('/live'), { schemas: { typing: String } })
  // @ts-expect-error a schema is a standard one
  createClient<ChatEvents>(webSocket('/live'), { schemas: { typing: { validate: () => true } } })
  // @ts-expect-error of another version
  const next: StandardSchemaV1 = { '~standard': { version: 2, vendor: 'x', validate: () => ({ value: 1 }) } }
  // @ts-expect-error a validator is needed
  const empty: StandardSchemaV1 = { '~standard': { version: 1, vendor: 'x' } }
  createClient(webSocket('/live'), { schemas: { next, empty } })
}

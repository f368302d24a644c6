/** 'holdfast/store': what a framework binding needs. */
import type { ConnectionState, DuplexClient, RealtimeClient, Unsubscribe } from 'holdfast'
import type { Store } from 'holdfast/store'
import { fold, history, latest, stateStore } from 'holdfast/store'
import type { ChatCommands, ChatEvents } from './chat.ts'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

export function storesAreExact(): void {
  isTrue<Same<Store<'x'>['getSnapshot'], () => 'x'>>()
  isTrue<Same<Store<'x'>['getServerSnapshot'], () => 'x'>>()
  isTrue<Same<Store<'x'>['subscribe'], (listener: () => void) => Unsubscribe>>()
  isTrue<Same<Parameters<typeof stateStore>[0], Pick<RealtimeClient, 'state' | 'onState'>>>()
  isTrue<Same<ReturnType<typeof stateStore>, Store<ConnectionState>>>()
}

export function storesAreTyped(
  client: RealtimeClient<ChatEvents>,
  duplex: DuplexClient<ChatEvents, ChatCommands>,
): void {
  const states = stateStore(client)
  const message = latest(client, 'message')
  const messages = history(client, 'message')
  const count = fold(client, 'message', (sum, { text }) => sum + text.length, 0)
  isTrue<Same<typeof states, Store<ConnectionState>>>()
  isTrue<Same<typeof message, Store<ChatEvents['message'] | undefined>>>()
  isTrue<Same<typeof messages, Store<readonly ChatEvents['message'][]>>>()
  isTrue<Same<typeof count, Store<number>>>()
  stateStore(duplex)
  latest(duplex, 'typing').getSnapshot()?.trim()
  history(duplex, 'typing', { limit: 10 }).getServerSnapshot().at(0)?.trim()
  history(duplex, 'typing', {})
  fold(client, 'typing', (all: readonly string[], name) => [...all, name], [], { batch: 'frame' })
  fold(client, 'typing', (_, name) => name, '', { batch: 'none' })
  fold(client, 'typing', (_, name) => name, '', {})
  const off: Unsubscribe = states.subscribe(() => {})
  off()

  // @ts-expect-error the event is missing
  latest(client)
  // @ts-expect-error the event is missing
  history(client)
  // @ts-expect-error there is no such event
  latest(client, 'mesage')
  // @ts-expect-error there is no such event
  history(client, 'say')
  // @ts-expect-error a number of payloads
  history(client, 'typing', { limit: 'all' })
  // @ts-expect-error a text is no number
  fold(client, 'typing', (_sum: number, name) => name, 0)
  // @ts-expect-error the initial value is missing
  fold(client, 'typing', (sum: number) => sum + 1)
  // @ts-expect-error no such pace
  fold(client, 'typing', (sum: number) => sum + 1, 0, { batch: 'tick' })
  // @ts-expect-error a callback is told nothing
  states.subscribe((state: ConnectionState) => state)
  // @ts-expect-error before the first there is none
  message.getSnapshot().text.trim()
  // @ts-expect-error what is kept is only read
  messages.getSnapshot().push({ from: '', text: '' })
}

export function storeOptionsAreExact(): void {
  isTrue<Same<Pick<NonNullable<Parameters<typeof history>[2]>, 'limit'>, { readonly limit?: number }>>()
  isTrue<Same<Pick<NonNullable<Parameters<typeof fold>[4]>, 'batch'>, { readonly batch?: 'frame' | 'none' }>>()
}

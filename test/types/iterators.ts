/** Events as async iterators. */
import type { EventMap, IterateOptions, RealtimeClient } from 'holdfast'
import type { ChatEvents } from './chat.ts'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

export function iteratorsAreExact(): void {
  isTrue<
    Same<
      RealtimeClient<ChatEvents>['events'],
      <E extends keyof ChatEvents & string>(event: E, options?: IterateOptions) => AsyncIterableIterator<ChatEvents[E]>
    >
  >()
  isTrue<
    Same<
      Pick<IterateOptions, 'signal' | 'limit' | 'whenFull'>,
      {
        readonly signal?: AbortSignal | undefined
        readonly limit?: number | undefined
        readonly whenFull?: 'throw' | 'drop-oldest' | 'drop-newest' | undefined
      }
    >
  >()
}

export async function loopsAreTyped(client: RealtimeClient<ChatEvents>): Promise<void> {
  for await (const data of client.events('message')) isTrue<Same<typeof data, ChatEvents['message']>>()
  for await (const data of client.events('cleared')) isTrue<Same<typeof data, undefined>>()

  const iterator = client.events('typing', { signal: AbortSignal.timeout(1000), limit: 10, whenFull: 'drop-oldest' })
  isTrue<Same<typeof iterator, AsyncIterableIterator<string>>>()
  const result = await iterator.next()
  if (!result.done) isTrue<Same<typeof result.value, string>>()
  await iterator.return?.()
  const again: AsyncIterable<string> = iterator[Symbol.asyncIterator]()
  for await (const data of again) data.trim()
  client.events('typing', {})
  client.events('typing', { signal: undefined, limit: undefined, whenFull: undefined })
  client.events('typing', { limit: Infinity, whenFull: 'throw' })
  client.events('typing', { whenFull: 'drop-newest' })

  // @ts-expect-error there is no such event
  client.events('mesage')
  // @ts-expect-error an event is named
  client.events()
  // @ts-expect-error no such policy
  client.events('typing', { whenFull: 'drop' })
  // @ts-expect-error a limit is a number of messages
  client.events('typing', { limit: '10' })
  // @ts-expect-error `once` is for listeners
  client.events('typing', { once: true })
  // @ts-expect-error a signal, not its controller
  client.events('typing', { signal: new AbortController() })
  // @ts-expect-error it takes an `await`
  for (const data of client.events('typing')) data.trim()
  // @ts-expect-error payloads only: meta is for listeners
  for await (const { meta } of client.events('message')) meta.id
}

/** A generator of the user's own, over any event of any map. */
export async function* newest<In extends EventMap, E extends keyof In & string>(client: RealtimeClient<In>, event: E) {
  for await (const data of client.events(event, { limit: 1, whenFull: 'drop-oldest' })) yield data
}

export async function untypedLoops(client: RealtimeClient): Promise<void> {
  for await (const data of client.events('anything')) data.at.all
  for await (const data of newest(client, 'anything')) data.at.all
}

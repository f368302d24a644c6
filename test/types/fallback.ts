/** Several transports, tried in order. */
import type { DuplexTransport, FallbackOptions, Transport } from 'holdfast'
import { createClient, eventSource, fallback, webSocket, withUpstream } from 'holdfast'
import type { ChatCommands, ChatEvents } from './chat.ts'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

export function fallbacks(duplex: DuplexTransport, receiving: Transport): void {
  const both = fallback([duplex, duplex])
  const one = fallback([duplex, receiving], {})
  isTrue<Same<typeof both, DuplexTransport>>()
  isTrue<Same<typeof one, Transport>>()
  fallback([webSocket('/live'), withUpstream(eventSource('/live'), '/send')] as const)
  fallback([webSocket('/live'), eventSource('/live')], { rememberFor: 60_000, storage: localStorage })
  fallback([receiving], { storage: false })
  fallback([receiving], { rememberFor: undefined, storage: undefined })
  fallback([receiving], { storage: { getItem: () => null, setItem: () => {}, removeItem: () => {} } })
  const client = createClient<ChatEvents, ChatCommands>(fallback([duplex]))
  client.send('leave')
  const nested: DuplexTransport = fallback([fallback([duplex]), duplex])
  void nested

  // @ts-expect-error where one cannot send, none is sure to
  createClient(fallback([webSocket('/live'), eventSource('/live')])).send('x')
  // @ts-expect-error a list is needed
  fallback()
  // @ts-expect-error a list, not a transport
  fallback(duplex)
  // @ts-expect-error a list of transports
  fallback(['/live'])
  // @ts-expect-error milliseconds
  fallback([duplex], { rememberFor: '1h' })
  // @ts-expect-error on is the default
  fallback([duplex], { storage: true })
  // @ts-expect-error a storage also forgets
  fallback([duplex], { storage: { getItem: () => null, setItem: () => {} } })
}

export function fallbackOptionsAreExact(): void {
  isTrue<
    Same<
      Pick<FallbackOptions, 'rememberFor' | 'storage'>,
      {
        readonly rememberFor?: number | undefined
        readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | false | undefined
      }
    >
  >()
}

export function everyListOfFallbacks(duplex: readonly DuplexTransport[], all: readonly Transport[]): void {
  const both = fallback(duplex, undefined)
  const one = fallback(all, undefined)
  isTrue<Same<typeof both, DuplexTransport>>()
  isTrue<Same<typeof one, Transport>>()
}

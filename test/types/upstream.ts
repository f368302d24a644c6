/** A sending half for transports that have none. */
import type { DuplexTransport, Provider, Transport } from 'holdfast'
import { createClient, eventSource, fetchStream, withUpstream } from 'holdfast'
import type { ChatCommands, ChatEvents } from './chat.ts'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

export function upstreams(receiving: Transport): void {
  const duplex = withUpstream(receiving, '/send')
  isTrue<Same<typeof duplex, DuplexTransport>>()
  createClient<ChatEvents, ChatCommands>(duplex).send('leave')
  withUpstream(eventSource('/live'), new URL('https://example.com/send'), {})
  withUpstream(fetchStream('/live'), async ({ lastEventId }) => `/send?since=${lastEventId}`, {
    method: 'PUT',
    headers: async ({ error }) => ({ authorization: error?.code ?? 'fresh' }),
    credentials: 'include',
    fetch,
  })
  withUpstream(receiving, '/send', { method: undefined, headers: undefined, credentials: undefined, fetch: undefined })
  withUpstream(receiving, '/send', { headers: ({ attempt, error }) => ({ 'x-try': `${attempt} ${error?.code}` }) })

  // @ts-expect-error no such command
  createClient<ChatEvents, ChatCommands>(duplex).send('oops')
  // @ts-expect-error where to?
  withUpstream(receiving)
  // @ts-expect-error a URL is no transport
  withUpstream('/live', '/send')
  // @ts-expect-error the body is the message
  withUpstream(receiving, '/send', { body: '' })
  // @ts-expect-error a header is text
  withUpstream(receiving, '/send', { headers: { a: 1 } })
  // @ts-expect-error no such mode
  withUpstream(receiving, '/send', { credentials: true })
}

export function upstreamOptionsAreExact(): void {
  isTrue<Same<Parameters<typeof withUpstream>[0], Transport>>()
  isTrue<Same<Parameters<typeof withUpstream>[1], Provider<string | URL>>>()
  isTrue<
    Same<
      Pick<NonNullable<Parameters<typeof withUpstream>[2]>, 'method' | 'headers' | 'credentials' | 'fetch'>,
      {
        readonly method?: string | undefined
        readonly headers?: Provider<HeadersInit> | undefined
        readonly credentials?: RequestCredentials | undefined
        readonly fetch?: typeof fetch | undefined
      }
    >
  >()
}

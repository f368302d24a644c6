/** 'holdfast/cross-tab': one link for all tabs. */
import type { DuplexTransport, Transport } from 'holdfast'
import { createClient } from 'holdfast'
import type { CrossTabOptions } from 'holdfast/cross-tab'
import { crossTab } from 'holdfast/cross-tab'
import type { ChatCommands, ChatEvents } from './chat.ts'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

export function tabs(duplex: DuplexTransport, receiving: Transport): void {
  const both = crossTab(duplex, { name: 'chat' })
  const one = crossTab(receiving, { name: 'feed', leaderTimeout: 2000 })
  isTrue<Same<typeof both, DuplexTransport>>()
  isTrue<Same<typeof one, Transport>>()
  crossTab(duplex, { name: 'chat', leaderTimeout: undefined })
  createClient<ChatEvents, ChatCommands>(both).send('leave')
  isTrue<
    Same<
      Pick<CrossTabOptions, 'name' | 'leaderTimeout'>,
      { readonly name: string; readonly leaderTimeout?: number | undefined }
    >
  >()

  // @ts-expect-error tabs find each other by name
  crossTab(duplex)
  // @ts-expect-error tabs find each other by name
  crossTab(duplex, {})
  // @ts-expect-error a name is text
  crossTab(duplex, { name: 1 })
  // @ts-expect-error milliseconds
  crossTab(duplex, { name: 'chat', leaderTimeout: '5s' })
  // @ts-expect-error what only receives does so in every tab
  createClient(crossTab(receiving, { name: 'feed' })).send('x')
}

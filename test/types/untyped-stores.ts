/**
 * 'holdfast/store' over clients without types of their own, as many begin. Not compiled against the contract, whose signatures take such a
 * client only where it cannot send: those of the package take any.
 */
import type { DuplexClient, RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'
import { fold, history, latest } from 'holdfast/store'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

export function untypedClientsWillDo(client: RealtimeClient, duplex: DuplexClient): void {
  const received = latest(client, 'anything')
  const exchanged = latest(duplex, 'anything')
  isTrue<Same<typeof received, typeof exchanged>>()
  exchanged.getSnapshot().anything.at.all()
  history(duplex, 'anything').getSnapshot()[0].trim()
  const count: Store<number> = fold(duplex, 'anything', (sum, step: number) => sum + step, 0)
  const newest: Store<number | undefined> = latest(duplex, 'anything')
  void [count, newest]
}

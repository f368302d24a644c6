/** Circumstances of the tests of stores: an open client, one store of each kind over it, and who has subscribed to what. */
import type { DuplexClient, Unsubscribe } from '../../src/index.ts'
import { fold, history, latest, type Store, stateStore } from '../../src/store/index.ts'
import { givenOpen, say } from '../circumstances.ts'

export interface Followed {
  readonly store: Store<unknown>
  readonly client: DuplexClient
  /** Moves the store on by one change. */
  change(): void
  /** How many subscriptions the client has now (`live`), and how many it has ever had (`made`). */
  readonly subscriptions: { live: number; made: number }
}

type Open = ReturnType<typeof givenOpen>

const kinds = {
  stateStore: ({ client }) => stateStore(client),
  latest: ({ client }) => latest(client, 'tick'),
  history: ({ client }) => history(client, 'tick'),
  fold: ({ client }) => fold(client, 'tick', (sum: number, step: number) => sum + step, 0),
} satisfies Record<string, (open: Open) => Store<unknown>>

export type Kind = keyof typeof kinds

export const everyKind = Object.keys(kinds) as Kind[]
export const eventKinds = everyKind.filter((kind) => kind !== 'stateStore')

export function given(kind: Kind): Followed & Open {
  const open = givenOpen()
  const subscriptions = countSubscriptions(open.client)
  let step = 0
  const change = () => {
    step += 1
    if (kind === 'stateStore') open.client.reconnect()
    else say(open.link(), 'tick', step)
  }
  return { ...open, store: kinds[kind](open), change, subscriptions }
}

function countSubscriptions(client: DuplexClient): Followed['subscriptions'] {
  const counted = { live: 0, made: 0 }
  const count =
    <Args extends unknown[]>(subscribe: (...args: Args) => Unsubscribe) =>
    (...args: Args): Unsubscribe => {
      const end = subscribe(...args)
      counted.live += 1
      counted.made += 1
      let isLive = true
      return () => {
        end()
        if (isLive) counted.live -= 1
        isLive = false
      }
    }
  return Object.assign(client, { on: count(client.on), onState: count(client.onState) }) && counted
}

import type { RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'
import { type Accessor, from, onCleanup, onMount } from 'solid-js'
import { isServer } from 'solid-js/web'

/** The store's value as a signal, until the owner that asked for it is cleaned up. */
export function fromStore<T>(store: Store<T>): Accessor<T> {
  // On a server nothing is rendered again, and no cleanup would end a subscription.
  if (isServer) return store.getServerSnapshot

  return from<T>((set) => store.subscribe(() => set(() => store.getSnapshot())), store.getSnapshot())
}

/** For a client that belongs to a component: connects it when the component is mounted, and closes it when the component goes. */
export function connectWhileMounted(client: Pick<RealtimeClient, 'connect' | 'close'>): void {
  onMount(() => client.connect())
  onCleanup(() => client.close())
}

import type { RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'
import { onMounted, onScopeDispose, onUnmounted, type ShallowRef, shallowRef } from 'vue'

/** The store's value as a ref. It follows the store until the scope that called this, a component's or an `effectScope`, is disposed of. */
export function useStore<T>(store: Store<T>): Readonly<ShallowRef<T>> {
  const value = shallowRef(store.getSnapshot())
  // On a server nothing is rendered again, and no scope is disposed of to end a subscription.
  if (typeof window === 'undefined') return value

  const update = () => {
    value.value = store.getSnapshot()
  }
  onScopeDispose(store.subscribe(update))
  return value
}

/** Returns what `create` makes. Its client is connected when the component is mounted, and closed when the component is unmounted. */
export function useOwn<T extends { client: Pick<RealtimeClient, 'connect' | 'close'> }>(create: () => T): T {
  const own = create()
  onMounted(() => own.client.connect())
  onUnmounted(() => own.client.close())
  return own
}

import type { RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'
import { onMounted, onScopeDispose, onUnmounted, type ShallowRef, shallowRef } from 'vue'

/** The store's value as a ref, until the scope that asked for it is disposed of: a component's, or an `effectScope`. */
export function useStore<T>(store: Store<T>): Readonly<ShallowRef<T>> {
  const value = shallowRef(store.getSnapshot())
  // A server renders once, and disposes of no scope.
  if (typeof window === 'undefined') return value

  const update = () => {
    value.value = store.getSnapshot()
  }
  onScopeDispose(store.subscribe(update))
  return value
}

/** What `create` made, for as long as the component is there: its client connects when the component is mounted, and is closed when it goes. */
export function useOwn<T extends { client: Pick<RealtimeClient, 'connect' | 'close'> }>(create: () => T): T {
  const own = create()
  onMounted(() => own.client.connect())
  onUnmounted(() => own.client.close())
  return own
}

import type { RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'
import { useEffect, useState, useSyncExternalStore } from 'react'

/** The store's value; the component is rendered again when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getServerSnapshot)
}

/**
 * Returns what `create` makes, the same for the component's whole life. Its client is connected when the component is mounted, and
 * closed when it is unmounted. `create` must not connect by itself: React may call it for a component that is never mounted.
 */
export function useOwn<T extends { client: Pick<RealtimeClient, 'connect' | 'close'> }>(create: () => T): T {
  const [own] = useState(create)

  useEffect(() => {
    own.client.connect()
    return () => own.client.close()
  }, [own])

  return own
}

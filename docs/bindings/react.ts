import type { RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'
import { useEffect, useState, useSyncExternalStore } from 'react'

/** The store's value; the component is rendered again when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getServerSnapshot)
}

/**
 * What `create` made, for as long as the component is there: its client connects when the component is shown, and is closed
 * when it goes. `create` runs once per component, so it must not connect by itself.
 */
export function useOwn<T extends { client: Pick<RealtimeClient, 'connect' | 'close'> }>(create: () => T): T {
  const [own] = useState(create)

  useEffect(() => {
    own.client.connect()
    return () => own.client.close()
  }, [own])

  return own
}

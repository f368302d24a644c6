import { afterNextRender, DestroyRef, inject, type Signal, signal } from '@angular/core'
import type { RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'

/** The store's value as a signal, until what asked for it in its injection context is destroyed: a component, a directive, a service. */
export function fromStore<T>(store: Store<T>): Signal<T> {
  const value = signal(store.getSnapshot())
  inject(DestroyRef).onDestroy(store.subscribe(() => value.set(store.getSnapshot())))
  return value.asReadonly()
}

/** For a client of a component's own: connects once the component is rendered in a page, and closes the client when it is destroyed. */
export function connectWhileMounted(client: Pick<RealtimeClient, 'connect' | 'close'>): void {
  afterNextRender({ read: () => client.connect() })
  inject(DestroyRef).onDestroy(() => client.close())
}

import { afterNextRender, DestroyRef, inject, type Signal, signal } from '@angular/core'
import type { RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'

/** The store's value as a signal. It follows the store until the component, directive or service that called this is destroyed. */
export function fromStore<T>(store: Store<T>): Signal<T> {
  const value = signal(store.getSnapshot())
  inject(DestroyRef).onDestroy(store.subscribe(() => value.set(store.getSnapshot())))
  return value.asReadonly()
}

/** For a client that belongs to a component: connects it once the component is rendered in a page, and closes it when the component is destroyed. */
export function connectWhileMounted(client: Pick<RealtimeClient, 'connect' | 'close'>): void {
  afterNextRender({ read: () => client.connect() })
  inject(DestroyRef).onDestroy(() => client.close())
}

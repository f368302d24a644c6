import type { RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'
import { onDestroy, onMount } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import type { Readable } from 'svelte/store'

/** The store for runes: a function that returns its value. A template or an effect that calls it runs again when the value changes. */
export function reactive<T>(store: Store<T>): () => T {
  const follow = createSubscriber((update) => store.subscribe(update))
  return () => {
    follow()
    return store.getSnapshot()
  }
}

/** The store as a Svelte store: for `$name` in a component, and for whatever takes a `Readable`. */
export function readable<T>(store: Store<T>): Readable<T> {
  return {
    subscribe(run) {
      run(store.getSnapshot())
      return store.subscribe(() => run(store.getSnapshot()))
    },
  }
}

/** For a client that belongs to a component: connects it when the component is mounted, and closes it when the component goes. */
export function connectWhileMounted(client: Pick<RealtimeClient, 'connect' | 'close'>): void {
  onMount(() => client.connect())
  onDestroy(() => client.close())
}

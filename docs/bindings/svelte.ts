import type { RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'
import { onDestroy, onMount } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import type { Readable } from 'svelte/store'

/** The store for runes: a function that gives its value, and whatever calls it, in a template or an effect, follows it. */
export function reactive<T>(store: Store<T>): () => T {
  const follow = createSubscriber((update) => store.subscribe(update))
  return () => {
    follow()
    return store.getSnapshot()
  }
}

/** The store by Svelte's contract, for `$value` and for what takes a `Readable`. */
export function readable<T>(store: Store<T>): Readable<T> {
  return {
    subscribe(run) {
      run(store.getSnapshot())
      return store.subscribe(() => run(store.getSnapshot()))
    },
  }
}

/** For a client of a component's own: connects when the component is mounted, and closes the client when it goes. */
export function connectWhileMounted(client: Pick<RealtimeClient, 'connect' | 'close'>): void {
  onMount(() => client.connect())
  onDestroy(() => client.close())
}

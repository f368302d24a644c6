import type { RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'
import type { ReactiveControllerHost } from 'lit'

/** Updates the element when the store changes, while the element is in the document. `value` is the store's value, for `render()`. */
export function follow<T>(host: ReactiveControllerHost, store: Store<T>): { readonly value: T } {
  let stop: (() => void) | undefined

  host.addController({
    hostConnected() {
      stop = store.subscribe(() => host.requestUpdate())
      // The store may have changed while the element was not in the document.
      host.requestUpdate()
    },
    hostDisconnected: () => stop?.(),
  })
  return {
    get value() {
      return store.getSnapshot()
    },
  }
}

/** For a client that belongs to the element: connects it when the element comes into the document, and closes it when the element leaves. */
export function connectWhileMounted(
  host: ReactiveControllerHost,
  client: Pick<RealtimeClient, 'connect' | 'close'>,
): void {
  host.addController({ hostConnected: () => client.connect(), hostDisconnected: () => client.close() })
}

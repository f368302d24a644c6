import type { RealtimeClient } from 'holdfast'
import type { Store } from 'holdfast/store'
import type { ReactiveControllerHost } from 'lit'

/** Has the element follow the store while it is in the document. `value` is the store's value, for `render()`. */
export function follow<T>(host: ReactiveControllerHost, store: Store<T>): { readonly value: T } {
  let stop: (() => void) | undefined

  host.addController({
    hostConnected() {
      stop = store.subscribe(() => host.requestUpdate())
      // It may have changed while the element was elsewhere.
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

/** For a client of the element's own: connects when the element comes into the document, and closes the client when it leaves. */
export function connectWhileMounted(
  host: ReactiveControllerHost,
  client: Pick<RealtimeClient, 'connect' | 'close'>,
): void {
  host.addController({ hostConnected: () => client.connect(), hostDisconnected: () => client.close() })
}

/** The state of a connection as a store. */
import type { ConnectionState, RealtimeClient } from '../realtime-client.ts'
import { createStore, type Store } from './store.ts'

/**
 * Where the connection stands. The snapshot is the client's own `state`, with or without subscribers. The initial value is
 * `{ status: 'idle' }`, whatever the client has done meanwhile: no server connects, so that is what a server has rendered.
 *
 * Make it once, outside of rendering: a new one has no subscriber yet, and so hears nothing.
 *
 * @example
 * const state = stateStore(client)
 * state.subscribe(() => show(state.getSnapshot().status))
 */
export function stateStore(client: Pick<RealtimeClient, 'state' | 'onState'>): Store<ConnectionState> {
  const { state } = client
  // Where it can be, the same object as the snapshot: a page that takes over what a server has rendered sees no change.
  return createStore<ConnectionState>(
    state.status === 'idle' ? state : Object.freeze({ status: 'idle' }),
    () => client.state,
    (publish) => client.onState(publish),
  )
}

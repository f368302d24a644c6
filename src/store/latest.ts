/** The newest message of an event. */
import type { DuplexClient, EventMap, RealtimeClient } from '../realtime-client.ts'
import { fold } from './fold.ts'
import type { Store } from './store.ts'

/**
 * The newest payload of an event, `undefined` before the first.
 *
 * Make it once, outside of rendering: a new one has no subscriber yet, and so hears nothing.
 *
 * @example
 * const price = latest(client, 'price')
 * price.subscribe(() => show(price.getSnapshot()))
 */
export function latest<In extends EventMap, E extends keyof In & string>(
  client: RealtimeClient<In> | DuplexClient<In>,
  event: E,
): Store<In[E] | undefined> {
  return fold(client, event, (_: In[E] | undefined, data) => data, undefined)
}

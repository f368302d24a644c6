/** The newest messages of an event. */
import { mustBeNumbers } from '../errors.ts'
import type { DuplexClient, EventMap, RealtimeClient } from '../realtime-client.ts'
import { fold } from './fold.ts'
import type { Store } from './store.ts'

/** How much of a history is kept. */
export interface HistoryOptions {
  /** How many payloads are kept. @default 100 */
  readonly limit?: number
}

/**
 * The newest `limit` payloads of an event, oldest first, empty before the first. A message costs the same whatever `limit` is:
 * the list is made when the snapshot is read, and kept until the next message.
 *
 * Make it once, outside of rendering: a new one has no subscriber yet, and so hears nothing.
 *
 * @example
 * const lines = history(client, 'log', { limit: 20 })
 * lines.subscribe(() => show(lines.getSnapshot().join('\n')))
 */
export function history<In extends EventMap, E extends keyof In & string>(
  client: RealtimeClient<In> | DuplexClient<In>,
  event: E,
  { limit = 100 }: HistoryOptions = {},
): Store<readonly In[E][]> {
  mustBeNumbers(1, { limit })
  const places = Math.floor(limit)
  /** A ring: the place after the newest holds the oldest, once it is full. */
  const ring: In[E][] = []
  const initial: readonly In[E][] = []
  let snapshot = initial
  let listed = 0

  const count = fold(
    client,
    event,
    (seen, data) => {
      // A string may be a slice of the chunk that it came in, and would keep that in memory: a copy does not.
      ring[seen % places] = typeof data === 'string' ? (` ${data}`.slice(1) as typeof data) : data
      return seen + 1
    },
    0,
  )

  return {
    ...count,
    getSnapshot() {
      const seen = count.getSnapshot()
      if (seen !== listed) {
        const oldest = seen % places
        snapshot = [...ring.slice(oldest), ...ring.slice(0, oldest)]
        listed = seen
      }
      return snapshot
    },
    getServerSnapshot: () => initial,
  }
}

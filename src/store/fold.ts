/** All messages of an event, folded into one value. */
import { must, mustBeFunction } from '../errors.ts'
import type { DuplexClient, EventMap, RealtimeClient } from '../realtime-client.ts'
import { nextFrame } from './next-frame.ts'
import { createStore, type Store } from './store.ts'

/** When a fold is published. */
export interface FoldOptions {
  /**
   * 'none' publishes every change at once. 'frame' also folds every message at once, but publishes the result at most once
   * per animation frame, for events that come faster than a page can be drawn. In a hidden page, and where there are no
   * frames, a timer takes their place.
   * @default 'none'
   */
  readonly batch?: 'frame' | 'none'
}

/**
 * Every payload of an event folded into one value, in order, as in `reduce`, beginning with `initial`. It counts as a change when
 * `reducer` returns another value (`Object.is`), so a reducer must not modify the value it was given. What it throws is told to
 * `onError`, and that message is passed over.
 *
 * The fold goes on while the store has subscribers; when the last one leaves, what a frame was about to publish becomes the snapshot.
 *
 * Make it once, outside of rendering: a new one has no subscriber yet, and so hears nothing.
 *
 * @example
 * const total = fold(client, 'order', (sum, { amount }) => sum + amount, 0, { batch: 'frame' })
 */
export function fold<In extends EventMap, E extends keyof In & string, T>(
  // A `DuplexClient` without types for its events is not assignable to a `RealtimeClient`.
  client: RealtimeClient<In> | DuplexClient<In>,
  event: E,
  reducer: (value: T, data: In[E]) => T,
  initial: T,
  { batch = 'none' }: FoldOptions = {},
): Store<T> {
  must(typeof event === 'string', 'The event must be a string.')
  mustBeFunction(reducer, 'The reducer')
  must(batch === 'none' || batch === 'frame', "batch must be 'frame' or 'none'.")
  let newest = initial
  let published = initial
  let isPending = false
  let cancelFrame: (() => void) | undefined

  return createStore(
    initial,
    () => published,
    (publish) => {
      function show(): void {
        isPending = false
        if (Object.is(newest, published)) return
        published = newest
        publish()
      }

      const remove = client.on(event, (data) => {
        newest = reducer(newest, data)
        if (batch === 'none') show()
        else if (!isPending) {
          isPending = true
          cancelFrame = nextFrame(show)
        }
      })
      return () => {
        remove()
        cancelFrame?.()
        isPending = false
        published = newest
      }
    },
  )
}

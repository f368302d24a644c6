/** A value that changes, in the shape that every front end can follow. Knows nothing of what changes it. */
import { mustBeFunction } from '../errors.ts'
import type { Unsubscribe } from '../realtime-client.ts'

/**
 * A value that changes with what a client hears. It follows the client only while it has subscribers, with one
 * subscription however many they are, and keeps its last value when they have gone.
 */
export interface Store<T> {
  /** The same reference until it changes. */
  getSnapshot(): T
  /** The initial value, always the same: for rendering on a server, and for what takes over there (hydration). */
  getServerSnapshot(): T
  /**
   * Calls back after each change, without arguments; not for the current value. What a callback throws does not keep the
   * others from being called: `onError` hears it as 'listener'; where a frame publishes, which is outside of the client, it
   * is an uncaught error of the page. Where several throw at once, it is an AggregateError.
   */
  subscribe(listener: () => void): Unsubscribe
}

/** `follow` connects the store with its source, from the first subscriber to the last; `publish` tells them of a change. */
export function createStore<T>(
  initial: T,
  getSnapshot: () => T,
  follow: (publish: () => void) => Unsubscribe,
): Store<T> {
  const subscribers = new Set<() => void>()
  let stop: Unsubscribe | undefined

  function publish(): void {
    let thrown: unknown[] | undefined
    // A Set's iteration also visits what is added on the way, and those are not told of what was before.
    for (const subscriber of [...subscribers]) {
      try {
        if (subscribers.has(subscriber)) subscriber()
      } catch (cause) {
        thrown ??= []
        thrown.push(cause)
      }
    }
    if (thrown) throw thrown.length > 1 ? new AggregateError(thrown) : thrown[0]
  }

  return {
    getSnapshot,
    getServerSnapshot: () => initial,
    subscribe(listener) {
      mustBeFunction(listener, 'A listener')
      // One for each call, also for the same listener.
      const subscriber = () => listener()
      stop ??= follow(publish)
      subscribers.add(subscriber)
      return () => {
        subscribers.delete(subscriber)
        if (subscribers.size) return
        stop?.()
        stop = undefined
      }
    },
  }
}

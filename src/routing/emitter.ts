/**
 * Sets of listeners by key, which add, remove and dispatch as EventTarget does
 * (https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke): listeners added during a dispatch are not
 * called in it, those removed are not called any more, and one that throws does not keep the others from hearing.
 *
 * Names from the wire are opaque keys: `__proto__` and `constructor` are names like any other, which is why this is a
 * Map and not an object. A number is a key of the client's own, which no name can meet.
 */
import { mustBeFunction, mustBeSignal } from '../errors.ts'
import type { ListenOptions, Unsubscribe } from '../realtime-client.ts'

export type Key = string | number
// biome-ignore lint/suspicious/noExplicitAny: the key decides what its listeners take
export type Listener = (a: any, b: any) => void

export interface Emitter {
  add(key: Key, listener: Listener, options?: ListenOptions): Unsubscribe
  /** The moment of an event that is dispatched later: listeners added from now on do not hear it. */
  tick(): number
  /** `skip` is asked right before each call, and passes over those for whom it says true. */
  dispatch(key: Key, a: unknown, b?: unknown, moment?: number, skip?: (listener: Listener) => boolean): void
  /** The names that have a listener now. */
  names(): string[]
}

interface Entry {
  readonly listener: Listener
  readonly once: boolean | undefined
  readonly remove: Unsubscribe
  /** The moment when it was added. */
  readonly since: number
}

type Entries = Set<Entry> & { readonly key: Key }

/** `failed` hears what a listener threw. */
export function createEmitter(failed: (cause: unknown, key: Key, listener: Listener) => void): Emitter {
  const byKey = new Map<Key, Entries>()
  let moments = 0
  /**
   * The entries found last. Messages of one name come in rows, and comparing a name that was just cut out of a message costs less
   * than hashing it. `key` is the one that a listener was added under: one out of a message would keep its whole chunk in memory.
   */
  let last: Entries | undefined

  return {
    tick: () => moments,
    add(key, listener, { signal, once } = {}) {
      mustBeFunction(listener, 'A listener')
      mustBeSignal(signal)
      const entries = byKey.get(key) ?? Object.assign(new Set<Entry>(), { key })
      const remove = () => {
        signal?.removeEventListener('abort', remove)
        if (entries.delete(entry) && !entries.size) byKey.delete(key)
      }
      const entry: Entry = { listener, once, remove, since: ++moments }
      if (signal?.aborted) return remove

      signal?.addEventListener('abort', remove)
      entries.add(entry)
      byKey.set(key, entries)
      last = undefined
      return remove
    },
    dispatch(key, a, b, moment = moments, skip) {
      if (last?.key !== key) last = byKey.get(key)
      if (!last) return

      for (const entry of last) {
        // A Set's iteration also visits what is added on the way.
        if (entry.since > moment || skip?.(entry.listener)) continue
        if (entry.once) entry.remove()
        try {
          entry.listener(a, b)
        } catch (cause) {
          failed(cause, key, entry.listener)
        }
      }
    },
    names: () => [...byKey.keys()].filter((key) => typeof key === 'string'),
  }
}

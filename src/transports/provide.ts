/** What an attempt needs before it can dial: the answers of its providers. */
import type { Attempt, Provider } from '../transport.ts'

/**
 * Asks all providers at once, in this call, and resolves with their answers in the next microtask at the earliest: a
 * client that is closed in the tick it connects in, as by a component that mounts twice, never dials at all.
 */
export function answers<Values extends readonly unknown[]>(
  attempt: Attempt,
  ...providers: { readonly [K in keyof Values]: Provider<Values[K]> }
): Promise<Values> {
  return Promise.all(
    // Async, so that a provider that throws rejects as an asynchronous one does.
    providers.map(async (provider) => (typeof provider === 'function' ? provider(attempt) : provider)),
  ) as Promise<unknown> as Promise<Values>
}

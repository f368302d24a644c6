/** Reads iterators to their end, and notes what came out. */
import { getEventListeners } from 'node:events'
import { type FakeLink, fakeEnvironment } from '../../src/testing/index.ts'

export interface Reading {
  readonly values: readonly unknown[]
  /** What became of the loop: not over yet, over, or what it threw. */
  readonly end: 'reading' | 'done' | { readonly thrown: unknown }
}

/** A `for await` that runs by itself; `each` is the body of the loop. */
export function reading(
  iterable: AsyncIterable<unknown>,
  each: (value: never) => unknown = () => {},
): { -readonly [Part in keyof Reading]: Reading[Part] } {
  const values: unknown[] = []
  const all: ReturnType<typeof reading> = { values, end: 'reading' }
  const read = async () => {
    for await (const value of iterable) {
      values.push(value)
      await each(value as never)
    }
  }
  read().then(
    () => {
      all.end = 'done'
    },
    (thrown) => {
      all.end = { thrown }
    },
  )
  return all
}

/** Lets everything run that is ready to. */
export const settled = () => fakeEnvironment().advance(0)

/** Takes what is kept, and what comes after it: an end is noted as 'done', or as what was thrown. */
export async function take(iterator: AsyncIterator<unknown>, count: number): Promise<readonly unknown[]> {
  const taken: unknown[] = []
  for (let turn = 0; turn < count; turn += 1) {
    try {
      const { done, value } = await iterator.next()
      taken.push(done ? 'done' : value)
    } catch (thrown) {
      taken.push({ thrown })
    }
  }
  return taken
}

/** The names that have a listener now: a link reads them when it wants to. */
export const listenedTo = (link: FakeLink) => link.request.events

/** How many listeners to its abort the signal has, those included that another signal is to remove. */
export const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length

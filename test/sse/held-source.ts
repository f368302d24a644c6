/** A source that the test feeds by hand, and that knows what was asked of it. */

type Chunk = Uint8Array | string
type Step = IteratorResult<Chunk, undefined>

export interface HeldSource extends AsyncIterable<Chunk> {
  /** Answers the oldest reading that waits. */
  give(chunk: Chunk): void
  end(): void
  fail(cause: unknown): void
  /** How often a chunk was asked for. */
  readonly asked: number
  /** How often it was released. */
  readonly released: number
}

/** Its readings hang until the test answers them, also after it was released. */
export function heldSource(): HeldSource {
  const waiting: { resolve(step: Step): void; reject(cause: unknown): void }[] = []
  let asked = 0
  let released = 0

  function oldest() {
    const reading = waiting.shift()
    if (!reading) throw new Error('Nobody reads.')
    return reading
  }

  return {
    give: (value) => oldest().resolve({ done: false, value }),
    end: () => oldest().resolve({ done: true, value: undefined }),
    fail: (cause) => oldest().reject(cause),
    get asked() {
      return asked
    },
    get released() {
      return released
    },
    [Symbol.asyncIterator]: () => ({
      next() {
        asked += 1
        return new Promise<Step>((resolve, reject) => waiting.push({ resolve, reject }))
      },
      async return() {
        released += 1
        return { done: true, value: undefined }
      },
    }),
  }
}

/** A source of these chunks, which counts how many of them were taken and how often it was released. */
export function countedSource(...chunks: readonly Chunk[]) {
  const source = {
    taken: 0,
    released: 0,
    async *[Symbol.asyncIterator]() {
      try {
        for (const chunk of chunks) {
          source.taken += 1
          yield chunk
        }
      } finally {
        source.released += 1
      }
    },
  }
  return source
}

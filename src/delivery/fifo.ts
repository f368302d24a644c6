/**
 * First in, first out, as two stacks: taking the oldest moves no other. An array's `shift` moves all of them as soon as there
 * are some ten thousand, and a Set finds its first entry only past the places of all that were deleted.
 */
export interface Fifo<T> {
  readonly size: number
  push(item: T): void
  /** The oldest, `undefined` where there is none. */
  peek(): T | undefined
  /** Takes the oldest out. */
  shift(): T | undefined
  filter(isKept: (item: T) => boolean): void
}

export function createFifo<T>(): Fifo<T> {
  let incoming: T[] = []
  let outgoing: T[] = []

  const fifo: Fifo<T> = {
    get size() {
      return incoming.length + outgoing.length
    },
    push(item) {
      incoming.push(item)
    },
    peek() {
      if (!outgoing.length) {
        outgoing = incoming.reverse()
        incoming = []
      }
      return outgoing.at(-1)
    },
    shift() {
      fifo.peek()
      return outgoing.pop()
    },
    filter(isKept) {
      incoming = incoming.filter(isKept)
      outgoing = outgoing.filter(isKept)
    },
  }
  return fifo
}

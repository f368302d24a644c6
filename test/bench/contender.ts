/** What every contender is: one way to read one event stream to its end. Each is bundled by itself, as a page would have it. */

export interface Contender {
  readonly name: string
  /**
   * Reads what `fetch` answers for `url`, and calls `add` with each event's data length. `add` says true at the last event that
   * will come: whoever would connect again then has to stop. Resolves when it has stopped or the stream has ended.
   */
  read(url: string, fetch: typeof globalThis.fetch, add: Add): Promise<void>
}

export type Add = (length: number) => boolean

/** What has been read so far, and whether it is what was sent. */
export interface Tally {
  readonly add: Add
  /** Throws where events are missing, doubled or changed. */
  check(name: string): void
}

/** The sums make sure that nobody leaves out work: order and length of every event's data count. */
export interface Sums {
  readonly events: number
  readonly checksum: number
}

export function createTally({ events, checksum }: Sums): Tally {
  let seen = 0
  let sum = 0
  return {
    add(length) {
      sum = mix(sum, length)
      seen += 1
      return seen === events
    },
    check(name) {
      if (seen !== events || sum !== checksum)
        throw new Error(`${name} read ${seen} of ${events} events, or other data`)
    },
  }
}

export function mix(sum: number, length: number): number {
  return (Math.imul(sum, 31) + length) | 0
}

/** The newest of what came, for tabs that have missed it: every tab keeps it, since every tab may lead next. */
import type { Inbound } from '../codec.ts'
import type { Entry, Position } from './messages.ts'

const mostEntries = 1000
const mostBytes = 1_048_576

export interface History {
  /** `undefined` before there is any. */
  readonly newest: Entry | undefined
  add(entry: Entry): void
  /** The index of the entry with this name, or else of the first with this id, behind which a server would go on as well; -1 where neither is kept. */
  find(at: Position): number
  /** The entry at this position and what came after it; where that is not kept, the newest entry alone. */
  since(at: Position): Entry[]
  /**
   * The answer for a tab at this position: the same place as this tab names it, and what came since. Where the position
   * is not kept: `undefined`, if it has an id and not `isAtAnyRate`; otherwise what is newer than it by name.
   */
  from(at: Position, isAtAnyRate?: unknown): [at: Position, missed: Entry[]] | undefined
  /** Drops what is newer than this position; where that is not kept, drops all and begins there. */
  endAt(at: Position): void
}

export function createHistory(): History {
  let entries: Entry[] = []
  let bytes = 0

  const history: History = {
    get newest() {
      return entries.at(-1)
    },
    add(entry) {
      bytes += sizeOf(entry)
      entries.push(entry)
      // One more than that: the entry behind which they came.
      while (entries.length > mostEntries + 1 || (bytes > mostBytes && entries.length > 1)) {
        bytes -= sizeOf(entries.shift() as Entry)
      }
    },
    find(at) {
      const place = entries.findIndex((entry) => isSame(at, entry))
      return place < 0 && at[2] ? entries.findIndex((entry) => entry[2] === at[2] && !entry[3]?.isHeld) : place
    },
    since: (at) => entries.slice(history.find(at)),
    from(at, isAtAnyRate) {
      let place = history.find(at)
      if (place < 0) {
        if (at[2] && !isAtAnyRate) return
        const [term, seq] = isAnywhere(at) ? at : [Infinity]
        place =
          entries.filter((entry) => entry[0] < term || (entry[0] === term && entry[1] <= (seq as number))).length - 1
      }
      const missed = entries.slice(place + 1).slice(-mostEntries)
      const [term, seq, id] = entries[place] ?? [0, (missed[0] as Entry)[1] - 1, '']
      return [[term, seq, id], missed]
    },
    endAt([term, seq, id]) {
      const place = history.find([term, seq, ''])
      entries = place < 0 ? [[term, seq, id, null]] : entries.slice(0, place + 1)
      bytes = 0
      for (const entry of entries) bytes += sizeOf(entry)
    },
  }
  return history
}

/** Whether this is a place at all, and not that of a tab which has nothing yet. */
export function isAnywhere([, seq, id]: Position): unknown {
  return seq >= 0 || id
}

export function isSame(one: Position, other: Position | Entry): boolean {
  return one[0] === other[0] && one[1] === other[1]
}

/** Does not count the entry's own id, which may be filled in after it was added. */
function sizeOf([, , , frame]: Entry): number {
  const { data = '', event = '', id = '' }: Partial<Inbound> = Object(frame)
  return (event + id).length + ((data as string).length ?? (data as ArrayBuffer).byteLength)
}

/** The newest of what came, for tabs that have missed it: every tab keeps it, since every tab may lead next. */
import type { Entry } from './messages.ts'

const mostEntries = 1000
const mostBytes = 1_048_576

export interface History {
  /** The id as of the newest, `''` without one. */
  readonly lastId: string
  add(entry: Entry): void
  clear(): void
  /** What came after this one if it has this id, or else after the newest that has it; `undefined` where none is kept. */
  after(seq: number, id: string): readonly Entry[] | undefined
  /** Whatever is kept of what came after it. */
  rest(seq: number): readonly Entry[]
}

export function createHistory(): History {
  let entries: Entry[] = []
  let bytes = 0

  return {
    get lastId() {
      return entries.at(-1)?.[2] ?? ''
    },
    add(entry) {
      bytes += sizeOf(entry)
      entries.push(entry)
      while (entries.length > mostEntries || bytes > mostBytes) bytes -= sizeOf(entries.shift() as Entry)
    },
    clear() {
      entries = []
      bytes = 0
    },
    after(seq, id) {
      const ids = entries.map((entry) => entry[2])
      const at = entries.findIndex((entry) => entry[0] === seq && entry[2] === id)
      const last = at < 0 ? ids.lastIndexOf(id) : at
      return last < 0 ? undefined : entries.slice(last + 1)
    },
    rest: (seq) => entries.filter((entry) => entry[0] > seq),
  }
}

function sizeOf([, frame]: Entry): number {
  return (frame?.data as string | undefined)?.length ?? (frame?.data as ArrayBuffer | undefined)?.byteLength ?? 0
}

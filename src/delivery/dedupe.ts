/** Knows the newest ids again: what a server sends again after a resume may overlap with what has arrived. */
import { mustBeNumbers } from '../errors.ts'

/**
 * Returns what is asked of every message, by its id, and says whether the message is a repetition. An id like that of the
 * message just before it is none, since the ids of event streams hold until another is named; a call without an id says
 * that another link begins.
 */
export function createDedupe(size = 0): (id?: string) => boolean {
  mustBeNumbers(0, { dedupe: size })
  const ids = new Set<string>()
  /** One iterator for good: each new one would walk past all the places of what was taken out. */
  const oldest = ids.values()
  let previous: string | undefined

  return (id) => {
    const isHeld = id === previous
    previous = id
    if (!id || isHeld) return false
    if (ids.has(id)) return true
    ids.add(id)
    if (ids.size > size) ids.delete(oldest.next().value as string)
    return false
  }
}

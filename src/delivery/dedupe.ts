/** Recognizes the newest ids: what a server sends again after a resume may overlap with what has arrived. */
import { mustBeNumbers } from '../errors.ts'

/**
 * Returns a function that is called with the id of every message, and says whether the message is a repetition. With the
 * same id as the message just before, it is none, since the ids of event streams hold until another is named; a call
 * without an id forgets the message before, as when another link begins.
 */
export function createDedupe(size = 0): (id?: string) => boolean {
  mustBeNumbers(0, { dedupe: size })
  const ids = new Set<string>()
  /** One iterator for good: a new one would first walk past the places of all that were deleted. */
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

/** The frames of the common text. Behind `readTextFrame` the room sees only frames of these shapes and sizes. */
import { isCount, isShortText, parseFrame, readName } from './frame-fields.ts'
import { mostKeys } from './pages/shared-text.js'
import { isOperation, lengthAfter, type Operation } from './pages/text-operation.js'

/** Characters (UTF-16 units) that the text may have. */
export const longestText = 10_000
/** Bytes: a whole new text, each character written as `\uXXXX`, with room for an edit of very many small parts. */
export const largestTextFrame = 128 * 1024

export interface Edit {
  /** That of the text after it. */
  readonly revision: number
  /** As the writer's page made it. */
  readonly key: string
  readonly operation: Operation
}

export interface Selection {
  readonly start: number
  readonly end: number
}

export interface Person {
  readonly id: number
  readonly name: string
  /** From 0 to 7. */
  readonly colour: number
  readonly selection?: Selection | undefined
}

export type TextFrame =
  /** The first on every connection: what the page has, and which of its edits it is not sure of. */
  | {
      readonly type: 'hello'
      readonly name: string
      readonly document?: string
      readonly revision: number
      readonly key?: string
    }
  /** What the page has of a text that was the server's before this one, and the keys of the last edits in it. */
  | { readonly type: 'bring'; readonly text: string; readonly keys: readonly string[] }
  /** `revision` is that of the text which it changes. */
  | { readonly type: 'edit'; readonly revision: number; readonly key: string; readonly operation: Operation }
  | ({ readonly type: 'select'; readonly revision: number } & Selection)
  | { readonly type: 'ping' }

const longestKey = 64

/** `undefined` for whatever is not a frame that a page would send. */
export function readTextFrame(raw: string): TextFrame | undefined {
  const frame = parseFrame(raw)
  if (frame?.type === 'ping') return { type: 'ping' }

  const { revision, name, document, key, operation, start, end, text, keys } = frame?.data ?? {}
  if (frame?.type === 'bring') {
    if (typeof text !== 'string' || text.length > longestText || !isKeys(keys)) return undefined
    return { type: 'bring', text, keys }
  }
  if (!isCount(revision, Number.MAX_SAFE_INTEGER)) return undefined

  switch (frame?.type) {
    case 'hello': {
      const tidy = readName(name)
      if (tidy === undefined) return undefined
      return {
        type: 'hello',
        name: tidy,
        revision,
        ...(isShortText(document, longestKey) && { document }),
        ...(isShortText(key, longestKey) && { key }),
      }
    }
    case 'edit':
      if (!isShortText(key, longestKey) || !isOperation(operation) || lengthAfter(operation) > longestText * 2)
        return undefined
      return { type: 'edit', revision, key, operation }
    case 'select':
      if (!isCount(start, longestText) || !isCount(end, longestText) || start > end) return undefined
      return { type: 'select', revision, start, end }
    default:
      return undefined
  }
}

function isKeys(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= mostKeys && value.every((key) => isShortText(key, longestKey))
}

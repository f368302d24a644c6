/** The frames of the common text. After `readTextFrame` the room sees only frames of these shapes and sizes. */
import { isCount, isShortText, parseFrame, readName } from './frame-fields.ts'
import { mostKeys } from './pages/shared-text.js'
import { isOperation, lengthAfter, type Operation } from './pages/text-operation.js'

/** Characters (UTF-16 units) that the text may have. */
export const longestText = 10_000
/** Bytes: a whole new text, each character written as `\uXXXX`, with room for an edit of very many small parts. */
export const largestTextFrame = 128 * 1024

export interface Edit {
  /** The revision that the text has after this edit. */
  readonly revision: number
  /** Made by the writer's page: an edit that comes twice is recognised by it. */
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
  /** The first on every connection: which text the page has, and the key of its edit that may not have arrived. */
  | {
      readonly type: 'hello'
      readonly name: string
      readonly document?: string
      readonly revision: number
      readonly key?: string
    }
  /** The text that the page has from an earlier process of the server, and the keys of the last edits in it. */
  | { readonly type: 'bring'; readonly text: string; readonly keys: readonly string[] }
  /** `revision` is that of the text before this edit. */
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

/** Reads frames `{"type": name, "data": payload}` and their fields, which come from outside and may be anything. */

export interface RawFrame {
  readonly type: unknown
  readonly payload: unknown
  /** The payload's fields; none where it is no object. */
  readonly data: Readonly<Record<string, unknown>>
}

/** `undefined` for what is not JSON, or no object. */
export function parseFrame(raw: string): RawFrame | undefined {
  const frame = parse(raw)
  if (!isRecord(frame)) return undefined

  const { type, data: payload } = frame
  return { type, payload, data: isRecord(payload) ? payload : {} }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether it is a whole number from 0 to `most`. */
export function isCount(value: unknown, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most
}

export function isShortText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest
}

const longestName = 40

/** The name in one line, `undefined` for none or one too long. Line breaks and control characters could make it look like something else. */
export function readName(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined

  const tidy = value.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return tidy !== '' && tidy.length <= longestName ? tidy : undefined
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return undefined
  }
}

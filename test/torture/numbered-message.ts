/** The messages of a tortured stream. Each is a function of its number, so that its content shows what happened to its bytes. */

export interface Numbered {
  readonly n: number
  /** Of any length, and full of characters that are cut in the middle. */
  readonly text: string
}

export function numbered(n: number): Numbered {
  return { n, text: `${n} ${'€🌊'.repeat(n % 7)}` }
}

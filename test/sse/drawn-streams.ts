/** Streams at random: such as a server may send, such as nobody should, and the places at which they are cut. */
import fc from 'fast-check'
import { bytesOf, cutAt } from './ways-to-read.ts'

const lineEnd = fc.constantFrom('\n', '\r', '\r\n')

/** Some of what is special somewhere in the format or in UTF-8, and any text. */
const value = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', '1', ' ', ':', 'é', '€', '😀', '\u{FEFF}', '\0', '\t', '\u2028', '\ufffd'),
    maxLength: 6,
  }),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, '')),
  fc.constantFrom('', '0', '12', '007', '1x', '9'.repeat(400)),
)

const field = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('data', 'event', 'id', 'retry') },
  fc.constantFrom('', 'dat', 'datas', 'Data', ' data', 'data ', 'foo', '__proto__', 'ide', 'i'),
)

const line = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 6, arbitrary: fc.tuple(field, fc.constantFrom(':', ': ', ':  '), value).map((parts) => parts.join('')) },
  field,
  value,
)

/** A few lines with their ends, and perhaps one without. */
const lines = fc
  .tuple(
    fc.array(
      fc.tuple(line, lineEnd).map((pair) => pair.join('')),
      { maxLength: 14 },
    ),
    line,
  )
  .map(([ended, last]) => ended.join('') + last)

const bom = fc.constantFrom('', '\u{FEFF}', '\u{FEFF}\u{FEFF}', '\u00EF\u00BB\u00BF')

/** Any text is a valid stream. */
export const validStream: fc.Arbitrary<Uint8Array> = fc.tuple(bom, lines).map((parts) => bytesOf(parts.join('')))

/** Any bytes, and bytes that would be a stream but for a few. */
export const garbage: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(
      validStream,
      fc.array(fc.tuple(fc.nat(300), fc.constantFrom(0, 10, 13, 58, 0x80, 0xc3, 0xe2, 0xef, 0xf0, 0xff))),
    )
    .map(([bytes, spoilt]) => {
      const changed = bytes.slice()
      for (const [at, byte] of spoilt) if (at < changed.length) changed[at] = byte
      return changed
    }),
  // One piece again and again: it may have no line end in it, or nothing else.
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.nat(400))
    .map(([part, times]) => new Uint8Array(Array.from({ length: times }, () => [...part]).flat())),
)

/** The bytes in chunks, some of them empty. */
export function cut(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<readonly Uint8Array[]> {
  return fc.tuple(bytes, fc.array(fc.nat(1000), { maxLength: 12 }), fc.nat(5)).map(([whole, places, coarse]) => {
    if (!coarse) return cutAt(whole, [...whole.keys()].slice(1))
    return cutAt(
      whole,
      places.map((place) => place % (whole.length + 1)).sort((a, b) => a - b),
    )
  })
}

export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(chunks.flatMap((chunk) => [...chunk]))
}

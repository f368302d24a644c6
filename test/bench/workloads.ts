/** The event streams that are read: bytes only, so that nobody is given a string that is already made. */
import { mix, type Sums } from './contender.ts'

export interface Workload extends Sums {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What a stream of one kind consists of, by the number of the event. */
export interface Kind {
  readonly name: string
  data(index: number): string
}

const words = [
  'the',
  ' stream',
  ' holds',
  ',',
  ' and',
  ' a',
  ' client',
  ' reads',
  ' it',
  ' as',
  ' it',
  ' comes',
  '.\\n',
]

export const kinds: readonly Kind[] = [
  { name: 'tokens, 30 to 60 B', data: (index) => sized(token(index)) },
  { name: 'JSON of 500 B', data: (index) => sized(`"id":${1_000_000 + index},"text":"${letters(456)}"`) },
  { name: 'JSON of 1 MB', data: (index) => sized(`"id":${1_000_000 + index},"text":"${letters(999_952)}"`) },
  { name: 'JSON on 12 lines', data: (index) => sized(lines(index)) },
]

/** Whole events of one kind, as few as have `total` bytes together. */
export function createWorkload({ name, data }: Kind, total: number): Workload {
  const parts: string[] = []
  let size = 0
  let checksum = 0
  while (size < total) {
    const text = data(parts.length)
    const part = `data: ${text.replaceAll('\n', '\ndata: ')}\n\n`
    checksum = mix(checksum, text.length)
    size += part.length
    parts.push(part)
  }
  return { name, events: parts.length, checksum, bytes: new TextEncoder().encode(parts.join('')) }
}

/** The same memory, cut into pieces of one size. */
export function cut(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

/** A JSON object that says its own length, so that one who hands over parsed objects can be checked like the others. */
function sized(members: string): string {
  const rest = `{"size":,${members}}`.length
  const digits = String(rest + String(rest).length).length
  return `{"size":${rest + digits},${members}}`
}

function token(index: number): string {
  return `"index":${index % 1000},"delta":"${words[index % words.length]}"`
}

function lines(index: number): string {
  return `\n${Array.from({ length: 10 }, (_, line) => `  "line ${line}": "${index} ${letters(20 + line)}"`).join(',\n')}\n`
}

function letters(count: number): string {
  return 'The quick brown fox jumps over the lazy dog. '.repeat(Math.ceil(count / 45)).slice(0, count)
}

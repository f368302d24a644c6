import { seeded } from '../circumstances.ts'

/** Bytes that look random and are the same in Node and in a page. */
export function* contentOf(size: number): Generator<Uint8Array<ArrayBuffer>> {
  const random = seeded(size)
  const portion = 2 ** 20
  for (let made = 0; made < size; made += portion) {
    const words = Uint32Array.from({ length: portion / 4 }, () => random() * 2 ** 32)
    yield new Uint8Array(words.buffer, 0, Math.min(portion, size - made))
  }
}

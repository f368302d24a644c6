/** The messages that are sent both ways: JSON of exactly so many bytes, numbered, a thousand of each size and then from the start. */
import type { Tick } from './channel.ts'
import { mix } from './contender.ts'

export const distinct = 1000

/** The first index. All of them have four digits, so that all messages are of one length. */
const first = 1000

const envelope = '{"type":"tick","data":}'.length
const members = '{"index":1000,"text":""}'.length

export function createTick(index: number, bytes: number): Tick {
  const words = 'The quick brown fox jumps over the lazy dog. '
  const length = bytes - envelope - members
  return {
    index: first + (index % distinct),
    text: words.repeat(Math.ceil(length / words.length)).slice(0, length),
  }
}

/** Adds to a checksum, which shows the order of the messages and the length of each. */
export function addTick(sum: number, { index, text }: Tick): number {
  return mix(sum, index + text.length)
}

export function sumTicks(count: number, bytes: number): number {
  const { length } = createTick(0, bytes).text
  let sum = 0
  for (let index = 0; index < count; index += 1) sum = mix(sum, first + (index % distinct) + length)
  return sum
}

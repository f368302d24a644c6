import { describe, expect, it } from 'vitest'
import { createFrameReader, encodeFrame } from './frames.ts'
import { addTick, createTick, sumTicks } from './ticks.ts'

/** As a client sends it: masked, which the mask 0 leaves as it is. */
function masked(kind: number, payload: string, isLast = true): Buffer {
  const frame = encodeFrame(payload)
  const head = frame.length - payload.length
  frame[0] = kind | (isLast ? 0x80 : 0)
  frame[1] = (frame[1] ?? 0) | 0x80
  return Buffer.concat([frame.subarray(0, head), Buffer.alloc(4), frame.subarray(head)])
}

function count(chunks: readonly Buffer[]): { messages: number; closes: number } {
  const seen = { messages: 0, closes: 0 }
  const read = createFrameReader(
    () => {
      seen.messages += 1
    },
    () => {
      seen.closes += 1
    },
  )
  for (const chunk of chunks) read(chunk)
  return seen
}

describe('the frames of a benchmark', () => {
  it('are counted wherever a chunk ends', () => {
    const bytes = Buffer.concat([masked(1, 'short'), masked(1, 'x'.repeat(300)), masked(1, ''), masked(8, '')])
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      )
      expect(count(chunks)).toEqual({ messages: 3, closes: 1 })
    }
  })

  it('are counted with their last byte, and not before', () => {
    const bytes = masked(1, 'x'.repeat(300))
    expect(count([bytes.subarray(0, -1)]).messages).toBe(0)
    expect(count([bytes.subarray(0, -1), bytes.subarray(-1)]).messages).toBe(1)
  })

  it('count as one message where one was cut into several, with a ping between', () => {
    expect(count([masked(1, 'a', false), masked(9, 'ping'), masked(0, 'b', false), masked(0, 'c')])).toEqual({
      messages: 1,
      closes: 0,
    })
  })

  it('carry messages of exactly the size that is said, up to 64 kB', () => {
    for (const bytes of [100, 2000]) {
      const text = JSON.stringify({ type: 'tick', data: createTick(1234, bytes) })
      expect(text.length).toBe(bytes)
      expect(encodeFrame(text).length).toBe(bytes + (bytes < 126 ? 2 : 4))
    }
    expect(() => encodeFrame('x'.repeat(65_536))).toThrow('no frame here')
  })

  it('carry messages whose sum knows their order', () => {
    const sum = [0, 1, 2].reduce((before, index) => addTick(before, createTick(index, 100)), 0)
    expect(sum).toBe(sumTicks(3, 100))
    expect([1, 0, 2].reduce((before, index) => addTick(before, createTick(index, 100)), 0)).not.toBe(sum)
  })
})

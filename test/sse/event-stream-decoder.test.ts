import { describe, expect, test } from 'vitest'
import { EventStreamDecoder, type SseEvent } from '../../src/sse/index.ts'
import { codeThrownBy } from '../circumstances.ts'
import { bytesOf, collect, cutEvery, streamOf } from './ways-to-read.ts'

const event = (data: string): SseEvent => ({ event: 'message', data, id: '' })

describe('what it is', () => {
  test('[SS6] a TransformStream, and of its own class', () => {
    const decoder = new EventStreamDecoder()

    expect(decoder).toBeInstanceOf(TransformStream)
    expect(decoder).toBeInstanceOf(EventStreamDecoder)
    expect(decoder.readable).toBeInstanceOf(ReadableStream)
    expect(decoder.writable).toBeInstanceOf(WritableStream)
    expect(new TransformStream()).not.toBeInstanceOf(EventStreamDecoder)
  })

  test('[SS6] a class that can be extended', async () => {
    class Counting extends EventStreamDecoder {
      readonly limit: number
      constructor(limit: number) {
        super({ maxMessageSize: limit })
        this.limit = limit
      }
      double() {
        return this.limit * 2
      }
    }
    const decoder = new Counting(4)

    expect(decoder).toBeInstanceOf(Counting)
    expect(decoder).toBeInstanceOf(EventStreamDecoder)
    expect(decoder).toBeInstanceOf(TransformStream)
    expect(decoder.double()).toBe(8)
    expect(await collect(streamOf([bytesOf('data: 1234\n\n')]).pipeThrough(decoder))).toEqual({
      events: [event('1234')],
    })
  })

  test('each has a state of its own', async () => {
    const [one, other] = [new EventStreamDecoder(), new EventStreamDecoder()]
    const results = await Promise.all([
      collect(streamOf(['id: 1\nda', 'ta: a\n\n'].map(bytesOf)).pipeThrough(one)),
      collect(streamOf(['data: b', '\n\n'].map(bytesOf)).pipeThrough(other)),
    ])

    expect(results).toEqual([{ events: [{ event: 'message', data: 'a', id: '1' }] }, { events: [event('b')] }])
  })

  test('it goes on to further streams', async () => {
    const lengths = streamOf(cutEvery(bytesOf('data: abc\n\ndata: d\n\n'), 4))
      .pipeThrough(new EventStreamDecoder())
      .pipeThrough(
        new TransformStream<SseEvent, number>({
          transform: ({ data }, controller) => controller.enqueue(data.length),
        }),
      )

    const heard: number[] = []
    for await (const length of lengths) heard.push(length)

    expect(heard).toEqual([3, 1])
  })
})

describe('maxMessageSize', () => {
  test.each([0, -1, Number.NaN, '5'])('of %j throws at the call', (maxMessageSize) => {
    const options = { maxMessageSize: maxMessageSize as number }

    expect(codeThrownBy(() => void new EventStreamDecoder(options))).toBe('invalid-config')
  })

  test('over it the stream fails, and its source is cancelled with the same', async () => {
    let cancel: (reason: unknown) => void
    const cancelled = new Promise((resolve) => {
      cancel = resolve
    })
    const source = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytesOf('data: 123456789\n\n')),
      cancel: (reason) => cancel(reason),
    })
    const { error } = await collect(source.pipeThrough(new EventStreamDecoder({ maxMessageSize: 8 })))

    expect(error).toMatchObject({ code: 'too-large' })
    expect(await cancelled).toBe(error)
  })
})

describe('ends', () => {
  test('a source that fails fails it with the same', async () => {
    const cause = new Error('cut')
    const source = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(cause) })

    expect(await collect(source.pipeThrough(new EventStreamDecoder()))).toEqual({ events: [], error: cause })
  })

  test('who stops reading cancels the source', async () => {
    let cancels = 0
    const source = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytesOf('data: a\n\n')),
      cancel: () => {
        cancels += 1
      },
    })
    for await (const _ of source.pipeThrough(new EventStreamDecoder())) break

    expect(cancels).toBe(1)
  })

  test('[FS10] who does not read lets the source wait', async () => {
    let pulls = 0
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulls += 1
          controller.enqueue(bytesOf('data: a\n\n'))
        },
      },
      { highWaterMark: 0 },
    )
    const reader = source.pipeThrough(new EventStreamDecoder()).getReader()
    await reader.read()
    // A message to oneself comes after all promises that are ready.
    await new Promise((resolve) => setImmediate(resolve))

    expect(pulls).toBeLessThanOrEqual(3)
    await reader.cancel()
  })
})

import { describe, expect, test } from 'vitest'
import { readEvents, type SseEvent } from '../../src/sse/index.ts'
import { countedSource, heldSource } from './held-source.ts'

const block = (data: unknown) => `data: ${data}\n\n`
const event = (data: string) => ({ done: false, value: { event: 'message', data, id: '' } })
const end = { done: true, value: undefined }

/** A ReadableStream that says how often it was pulled, and with what it was cancelled. */
function watchedStream(...texts: readonly string[]) {
  const watched = { pulls: 0, cancels: 0 }
  const encoder = new TextEncoder()
  const rest = texts[Symbol.iterator]()
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        watched.pulls += 1
        const { done, value } = rest.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      cancel() {
        watched.cancels += 1
      },
    },
    { highWaterMark: 0 },
  )
  return { watched, stream }
}

describe('readEvents is lazy', () => {
  test('[FS10] nothing is asked for before the first `next`', async () => {
    const source = heldSource()
    const events = readEvents(source)
    await Promise.resolve()
    expect(source.asked).toBe(0)

    void events.next()
    await Promise.resolve()
    expect(source.asked).toBe(1)
  })

  test('[FS10] no chunk is asked for while events of the last one are left', async () => {
    const source = countedSource(block(1) + block(2), block(3) + block(4))
    const events = readEvents(source)
    await events.next()
    expect(source.taken).toBe(1)

    await events.next()
    expect(source.taken).toBe(1)

    await events.next()
    expect(source.taken).toBe(2)
  })

  test('[FS10] a stream is pulled once for each chunk, and not ahead', async () => {
    const { watched, stream } = watchedStream(block(1) + block(2), block(3), block(4))
    const events = readEvents(stream)
    expect(watched.pulls).toBe(0)
    await events.next()
    await events.next()
    expect(watched.pulls).toBe(1)

    await events.next()
    expect(watched.pulls).toBe(2)
  })

  test('[FS10] chunks without an event are read until there is one', async () => {
    const source = countedSource(': a\n', 'da', 'ta: 1\n', '\n', block(2))
    const events = readEvents(source)

    expect(await events.next()).toEqual(event('1'))
    expect(source.taken).toBe(4)
  })
})

describe('several calls of `next` at once', () => {
  test('are answered in their order, from one chunk', async () => {
    const source = heldSource()
    const events = readEvents(source)
    const answers = [events.next(), events.next(), events.next()]
    await Promise.resolve()
    source.give(block(1) + block(2) + block(3))

    expect(await Promise.all(answers)).toEqual([event('1'), event('2'), event('3')])
    expect(source.asked).toBe(1)
  })

  test('are answered in their order, from several chunks and past the end', async () => {
    const events = readEvents(countedSource(block(1), '', block(2) + block(3)))
    const settled: number[] = []
    const answers = [0, 1, 2, 3, 4].map((index) => events.next().finally(() => settled.push(index)))

    expect(await Promise.all(answers)).toEqual([event('1'), event('2'), event('3'), end, end])
    expect(settled).toEqual([0, 1, 2, 3, 4])
  })

  test('ask the source for one chunk at a time', async () => {
    const source = heldSource()
    const events = readEvents(source)
    const answers = [events.next(), events.next()]
    await Promise.resolve()
    expect(source.asked).toBe(1)
    source.give(block(1))
    await answers[0]
    source.give(block(2))

    expect(await answers[1]).toEqual(event('2'))
  })

  test('one that comes while others wait does not overtake them', async () => {
    const source = heldSource()
    const events = readEvents(source)
    const settled: unknown[] = []
    const note = ({ value }: IteratorResult<SseEvent>) => void settled.push(value?.data)
    const first = events.next().then(note)
    const second = events.next().then(note)
    await Promise.resolve()
    source.give(block(1) + block(2) + block(3))
    await first
    await events.next().then(note)
    await second

    expect(settled).toEqual(['1', '2', '3'])
  })

  test('one that is called in `onComment` does not overtake them', async () => {
    const source = heldSource()
    let inner: Promise<unknown> | undefined
    const events = readEvents(source, {
      onComment() {
        inner = events.next()
      },
    })
    const outer = events.next()
    await Promise.resolve()
    source.give(`${block(1)}: now\n${block(2)}`)

    expect(await outer).toEqual(event('1'))
    expect(await inner).toEqual(event('2'))
  })

  test('of which the first meets a failure: the others are done', async () => {
    const source = heldSource()
    const events = readEvents(source)
    const answers = [events.next(), events.next(), events.next()]
    await Promise.resolve()
    source.fail(new Error('cut'))

    await expect(answers[0]).rejects.toMatchObject({ code: 'lost' })
    expect(await answers[1]).toEqual(end)
    expect(await answers[2]).toEqual(end)
  })
})

describe('the end', () => {
  test('is told at every call after it', async () => {
    const events = readEvents(countedSource(block(1)))
    await events.next()

    expect(await events.next()).toEqual(end)
    expect(await events.next()).toEqual(end)
  })

  test('`break` releases the source, once', async () => {
    const source = countedSource(block(1) + block(2), block(3))
    for await (const _ of readEvents(source)) break

    expect(source).toMatchObject({ taken: 1, released: 1 })
  })

  test('`break` cancels a stream', async () => {
    const { watched, stream } = watchedStream(block(1), block(2))
    for await (const _ of readEvents(stream)) break

    expect(watched).toEqual({ pulls: 1, cancels: 1 })
  })

  test('what the loop throws releases the source and comes out as it is', async () => {
    const source = countedSource(block(1), block(2))
    const fault = new Error('mine')
    const loop = async () => {
      for await (const _ of readEvents(source)) throw fault
    }

    await expect(loop()).rejects.toBe(fault)
    expect(source.released).toBe(1)
  })

  test('`return` before the first `next` releases a stream that was never read', async () => {
    const { watched, stream } = watchedStream(block(1))

    expect(await readEvents(stream).return?.()).toEqual(end)
    expect(watched).toEqual({ pulls: 0, cancels: 1 })
  })

  test('`return` answers a `next` that waits, though the source hangs', async () => {
    const source = heldSource()
    const events = readEvents(source)
    const answers = [events.next(), events.next()]
    await Promise.resolve()

    expect(await events.return?.()).toEqual(end)
    expect(await Promise.all(answers)).toEqual([end, end])
    expect(source.released).toBe(1)
  })

  test('after `return` what was read already is gone', async () => {
    const source = countedSource(block(1) + block(2))
    const events = readEvents(source)
    await events.next()
    await events.return?.()

    expect(await events.next()).toEqual(end)
  })

  test('after `return` a chunk that comes late is not heard', async () => {
    const source = heldSource()
    const comments: string[] = []
    const events = readEvents(source, { onComment: (comment) => comments.push(comment) })
    const answer = events.next()
    await Promise.resolve()
    await events.return?.()
    source.give(`: late\n${block(1)}`)

    expect(await answer).toEqual(end)
    expect(await events.next()).toEqual(end)
    expect(comments).toEqual([])
  })

  test('`return` twice releases once', async () => {
    const source = heldSource()
    const events = readEvents(source)
    void events.next()
    await Promise.resolve()
    await events.return?.()
    await events.return?.()

    expect(source.released).toBe(1)
  })

  test.each([
    ['rejects', () => Promise.reject(new Error('no'))],
    ['hangs', () => new Promise<never>(() => {})],
  ])('a source whose release %s does not matter', async (_what, release) => {
    const source = countedSource(block(1), block(2))
    const iterator = source[Symbol.asyncIterator]()
    const events = readEvents({ [Symbol.asyncIterator]: () => ({ next: () => iterator.next(), return: release }) })
    await events.next()

    expect(await events.return?.()).toEqual(end)
  })

  test('a source whose release is no promise does not matter', async () => {
    const iterator = { next: async () => ({ done: false, value: block(1) }), return: () => ({ done: true }) }
    const source = { [Symbol.asyncIterator]: () => iterator } as unknown as AsyncIterable<string>
    const events = readEvents(source)
    await events.next()

    expect(await events.return?.()).toEqual(end)
  })

  test('`return` in `onComment`: nothing more of the same chunk', async () => {
    const events = readEvents(countedSource(`: stop\n${block(1)}`), { onComment: () => void events.return?.() })

    expect(await events.next()).toEqual(end)
  })
})

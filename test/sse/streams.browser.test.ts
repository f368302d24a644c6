import { describe, expect, test } from 'vitest'
import { EventStreamDecoder, readEvents } from '../../src/sse/index.ts'
import { formatCases } from './format-cases.ts'
import { answerWith, bytesOf, collect, cutEvery, streamOf, ways } from './ways-to-read.ts'

/** The platform's own decoder and streams differ from Node's: the same again, in a page. */
describe.each(ways)('%s', (_name, read) => {
  test.each(formatCases)('[SS1][SS2] %s', async (_what, stream, events) => {
    expect(await read([stream])).toEqual({ events })
    expect(await read(cutEvery(stream, 1))).toEqual({ events })
  })
})

describe('EventStreamDecoder', () => {
  test('[SS6] is a TransformStream of its own class, which can be extended', () => {
    class Own extends EventStreamDecoder {}

    expect(new EventStreamDecoder()).toBeInstanceOf(TransformStream)
    expect(new EventStreamDecoder()).toBeInstanceOf(EventStreamDecoder)
    expect(new Own()).toBeInstanceOf(Own)
    expect(new Own()).toBeInstanceOf(TransformStream)
  })

  test('[SS6] takes the body of a response through `pipeThrough`', async () => {
    const { body } = answerWith('id: 1\ndata: é😀\n\n')

    expect(await collect(readable(body?.pipeThrough(new EventStreamDecoder())))).toEqual({
      events: [{ event: 'message', data: 'é😀', id: '1' }],
    })
  })

  test("[SS4] fails with 'too-large', and cancels its source", async () => {
    let cancel: (reason: unknown) => void
    const cancelled = new Promise((resolve) => {
      cancel = resolve
    })
    const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: 123456789\n\n')),
      cancel: (reason) => cancel(reason),
    })
    const { error } = await collect(readable(source.pipeThrough(new EventStreamDecoder({ maxMessageSize: 8 }))))

    expect(error).toMatchObject({ code: 'too-large' })
    expect(await cancelled).toBe(error)
  })
})

describe('readEvents', () => {
  test('`break` cancels the body', async () => {
    let cancels = 0
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: a\n\n')),
      cancel: () => {
        cancels += 1
      },
    })
    for await (const _ of readEvents(answerWith(body))) break

    expect(cancels).toBe(1)
  })

  test('an abort ends a reading that hangs', async () => {
    const controller = new AbortController()
    const answer = readEvents(new ReadableStream(), { signal: controller.signal }).next()
    controller.abort()

    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('[SS2] takes chunks as large as a page gets them', async () => {
    const block = bytesOf(`data: ${'é'.repeat(20)}\n\n`)
    const bytes = new Uint8Array(Array.from({ length: 5000 }, () => [...block]).flat())
    const { events } = await collect(readEvents(streamOf(cutEvery(bytes, 65_536))))

    expect(events.length).toBe(5000)
    expect(new Set(events.map(({ data }) => data)).size).toBe(1)
  })
})

function readable<T>(stream: ReadableStream<T> | undefined): ReadableStream<T> {
  if (!stream) throw new Error('There is no body.')
  return stream
}

import { describe, expect, test } from 'vitest'
import { isRealtimeError, type ReadEventsOptions, readEvents } from '../../src/sse/index.ts'
import { codeThrownBy } from '../circumstances.ts'
import { countedSource } from './held-source.ts'
import { answerWith, collect } from './ways-to-read.ts'

const block = (data: unknown) => `data: ${data}\n\n`

/** These chunks, and then what it breaks off with. */
async function* breakingOff(cause: unknown, ...chunks: readonly string[]) {
  yield* chunks
  throw cause
}

async function read(source: Parameters<typeof readEvents>[0], options?: ReadEventsOptions) {
  const { events, error } = await collect(readEvents(source, options))
  return { heard: events.map(({ data }) => data), error }
}

describe('a source that breaks off', () => {
  test("is 'lost', with the cause, after all events before it", async () => {
    const cause = new TypeError('terminated')
    const { heard, error } = await read(breakingOff(cause, block(1) + block(2), `${block(3)}data: half`))

    expect(heard).toEqual(['1', '2', '3'])
    expect(error).toMatchObject({ code: 'lost', retryable: true, cause })
    expect(isRealtimeError(error)).toBe(true)
  })

  test('is told of only once what came before it was taken', async () => {
    const events = readEvents(breakingOff(new Error('cut'), block(1) + block(2)))

    expect((await events.next()).value).toMatchObject({ data: '1' })
    expect((await events.next()).value).toMatchObject({ data: '2' })
    await expect(events.next()).rejects.toMatchObject({ code: 'lost' })
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  test("is 'lost' whatever it breaks off with, and that is the cause", async () => {
    for (const cause of [undefined, null, 0, 'cut', {}, Symbol('cut')]) {
      const { error } = await read(breakingOff(cause))

      expect(error).toMatchObject({ code: 'lost' })
      expect((error as Error).cause).toBe(cause)
    }
  })

  test("is 'lost' also where it is the body of a response", async () => {
    const cause = new Error('socket hang up')
    const chunks = [new TextEncoder().encode(block(1))]
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        const chunk = chunks.shift()
        if (chunk) controller.enqueue(chunk)
        else controller.error(cause)
      },
    })

    expect(await read(answerWith(body))).toMatchObject({ heard: ['1'], error: { code: 'lost', cause } })
  })

  test("with the AbortError of the user's own fetch: it passes as it is", async () => {
    const controller = new AbortController()
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (stream) => controller.signal.addEventListener('abort', () => stream.error(controller.signal.reason)),
    })
    const answer = readEvents(answerWith(body)).next()
    controller.abort()

    await expect(answer).rejects.toBe(controller.signal.reason)
  })

  test("at once, in `next` itself, is 'lost' like any other", async () => {
    const cause = new Error('cut')
    const next = () => {
      throw cause
    }

    expect((await read({ [Symbol.asyncIterator]: () => ({ next }) })).error).toMatchObject({ code: 'lost', cause })
  })
})

describe('an event that is too large', () => {
  test('comes after the events before it, and releases the source', async () => {
    const source = countedSource(block(1) + block(2) + block('123456789') + block(3), block(4))
    const { heard, error } = await read(source, { maxMessageSize: 8 })

    expect(heard).toEqual(['1', '2'])
    expect(error).toMatchObject({ code: 'too-large', retryable: false })
    expect(source).toMatchObject({ taken: 1, released: 1 })
  })

  test('is one whose data is one character longer than maxMessageSize', async () => {
    expect(await read(countedSource(block('12345678')), { maxMessageSize: 8 })).toEqual({ heard: ['12345678'] })
    expect((await read(countedSource(block('123456789')), { maxMessageSize: 8 })).error).toMatchObject({
      code: 'too-large',
    })
  })

  test('counts all its lines', async () => {
    const { error } = await read(countedSource('data: 1234\ndata: 5678\n\n'), { maxMessageSize: 8 })

    expect(error).toMatchObject({ code: 'too-large' })
  })
})

describe('callbacks', () => {
  const stream = `${block(1)}: hello\nretry: 5\n${block(2)}`

  test('hear comments and retries while the events of the chunk wait', async () => {
    const told: unknown[] = []
    const onComment = (comment: string) => told.push(comment)
    const onRetry = (ms: number) => told.push(ms)
    const events = readEvents(countedSource(stream), { onComment, onRetry })
    await events.next()

    expect(told).toEqual(['hello', 5])
  })

  test.each(['onComment', 'onRetry'])('what %s throws comes out as it is, after the events before it', async (name) => {
    const fault = new Error('mine')
    const source = countedSource(stream, block(3))
    const { heard, error } = await read(source, {
      [name]: () => {
        throw fault
      },
    })

    expect({ heard, error }).toEqual({ heard: ['1'], error: fault })
    expect(source).toMatchObject({ taken: 1, released: 1 })
  })

  test.each(['onComment', 'onRetry', 'signal'])('a wrong %s throws at the call', (name) => {
    expect(codeThrownBy(() => readEvents(countedSource(), { [name]: 'wrong' }))).toBe('invalid-config')
  })
})

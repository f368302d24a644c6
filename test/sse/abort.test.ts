import { describe, expect, test } from 'vitest'
import { readEvents } from '../../src/sse/index.ts'
import { countedSignal } from '../circumstances.ts'
import { countedSource, heldSource } from './held-source.ts'
import { answerWith } from './ways-to-read.ts'

const block = (data: unknown) => `data: ${data}\n\n`
const end = { done: true, value: undefined }

describe('an aborted signal', () => {
  test('before the first `next`: its reason is thrown, and nothing is asked of the source', async () => {
    const source = heldSource()
    const reason = new Error('not any more')
    const events = readEvents(source, { signal: AbortSignal.abort(reason) })

    await expect(events.next()).rejects.toBe(reason)
    expect(source).toMatchObject({ asked: 0, released: 1 })
    expect(await events.next()).toEqual(end)
  })

  test('before the first `next`: its reason is thrown, and not what is wrong with the answer', async () => {
    const events = readEvents(answerWith('no', { status: 500 }), { signal: AbortSignal.abort('mine') })

    await expect(events.next()).rejects.toBe('mine')
  })

  test('between the call and the first `next`: its reason is thrown', async () => {
    const controller = new AbortController()
    const events = readEvents(heldSource(), { signal: controller.signal })
    controller.abort('mine')

    await expect(events.next()).rejects.toBe('mine')
  })

  test('between two events of one chunk: the second is not given', async () => {
    const controller = new AbortController()
    const source = countedSource(block(1) + block(2), block(3))
    const events = readEvents(source, { signal: controller.signal })
    await events.next()
    controller.abort('mine')

    await expect(events.next()).rejects.toBe('mine')
    expect(await events.next()).toEqual(end)
    expect(source.taken).toBe(1)
    expect(source.released).toBe(1)
  })

  test('in the body of a loop ends the loop with its reason', async () => {
    const controller = new AbortController()
    const heard: string[] = []
    const loop = async () => {
      for await (const { data } of readEvents(countedSource(block(1) + block(2)), { signal: controller.signal })) {
        heard.push(data)
        controller.abort()
      }
    }

    await expect(loop()).rejects.toMatchObject({ name: 'AbortError' })
    expect(heard).toEqual(['1'])
  })

  test('during a reading that hangs, on a source that does not care: its reason is thrown', async () => {
    const controller = new AbortController()
    const source = heldSource()
    const events = readEvents(source, { signal: controller.signal })
    const answers = [events.next(), events.next()]
    await Promise.resolve()
    controller.abort('mine')

    await expect(answers[0]).rejects.toBe('mine')
    expect(await answers[1]).toEqual(end)
    expect(source.released).toBe(1)
  })

  test('during a reading that hangs cancels a stream', async () => {
    const controller = new AbortController()
    let cancels = 0
    const stream = new ReadableStream<Uint8Array>({
      cancel: () => {
        cancels += 1
      },
    })
    const answer = readEvents(stream, { signal: controller.signal }).next()
    await Promise.resolve()
    controller.abort('mine')

    await expect(answer).rejects.toBe('mine')
    expect(cancels).toBe(1)
  })

  test('makes a chunk that comes after it unheard', async () => {
    const controller = new AbortController()
    const source = heldSource()
    const comments: string[] = []
    const events = readEvents(source, { signal: controller.signal, onComment: (text) => comments.push(text) })
    const answer = events.next()
    await Promise.resolve()
    controller.abort('mine')
    source.give(`: late\n${block(1)}`)

    await expect(answer).rejects.toBe('mine')
    expect(await events.next()).toEqual(end)
    expect(comments).toEqual([])
  })

  test('in the same moment as a chunk: the abort counts', async () => {
    const controller = new AbortController()
    const source = heldSource()
    const answer = readEvents(source, { signal: controller.signal }).next()
    await Promise.resolve()
    source.give(block(1))
    controller.abort('mine')

    await expect(answer).rejects.toBe('mine')
  })

  test.each([0, 1, 2, 3, 4, 5, 6])('%i turns behind the coming of a chunk: nothing is told after it', async (turns) => {
    const controller = new AbortController()
    const { signal } = controller
    const source = heldSource()
    const late: boolean[] = []
    const answer = readEvents(source, { signal, onComment: () => late.push(signal.aborted) }).next()
    await Promise.resolve()
    source.give(`: a comment\n${block(1)}`)
    for (let turn = 0; turn < turns; turn += 1) await undefined
    controller.abort('mine')
    await answer.catch(() => {})

    expect(late).not.toContain(true)
  })

  test('in `onComment`: nothing more of the same chunk', async () => {
    const controller = new AbortController()
    const source = countedSource(`: stop\n${block(1)}`)
    const events = readEvents(source, { signal: controller.signal, onComment: () => controller.abort('mine') })

    await expect(events.next()).rejects.toBe('mine')
  })

  test('after the end changes nothing', async () => {
    const controller = new AbortController()
    const events = readEvents(countedSource(block(1)), { signal: controller.signal })
    await events.next()
    expect(await events.next()).toEqual(end)
    controller.abort()

    expect(await events.next()).toEqual(end)
  })

  test('after `return` changes nothing', async () => {
    const controller = new AbortController()
    const events = readEvents(countedSource(block(1)), { signal: controller.signal })
    await events.next()
    await events.return?.()
    controller.abort()

    expect(await events.next()).toEqual(end)
  })
})

describe('the listener at the signal', () => {
  const failing = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('cut')) }) }

  test('is not there before the first `next`', () => {
    const { signal, listeners } = countedSignal()
    readEvents(heldSource(), { signal })

    expect(listeners.size).toBe(0)
  })

  test('is one while the stream is read', async () => {
    const { signal, listeners } = countedSignal()
    const events = readEvents(countedSource(block(1), block(2)), { signal })
    await events.next()
    await events.next()

    expect(listeners.size).toBe(1)
  })

  test.each([
    ['the end', () => countedSource(block(1))],
    ['a source that breaks off', () => failing],
    ['an answer that is no stream', () => answerWith('no', { status: 404 })],
    ['an answer without content', () => answerWith(null, { status: 204 })],
    ['an event that is too large', () => countedSource('data: 123456789\n\n')],
  ])('is gone after %s', async (_what, source) => {
    const { signal, listeners } = countedSignal()
    const events = readEvents(source(), { signal, maxMessageSize: 8 })
    for (let result = await events.next().catch(() => end); !result.done; ) result = await events.next()

    expect(listeners.size).toBe(0)
  })

  test('is gone after `break`', async () => {
    const { signal, listeners } = countedSignal()
    for await (const _ of readEvents(countedSource(block(1), block(2)), { signal })) {
      expect(listeners.size).toBe(1)
      break
    }

    expect(listeners.size).toBe(0)
  })

  test('is gone after the abort', async () => {
    const { signal, listeners, abort } = countedSignal()
    const events = readEvents(countedSource(block(1), block(2)), { signal })
    await events.next()
    abort()

    expect(listeners.size).toBe(0)
    await events.next().catch(() => {})
  })
})

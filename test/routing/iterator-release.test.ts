import { expect, test } from 'vitest'
import { givenOpen, say } from '../circumstances.ts'
import { listenedTo, listenersOf, reading, settled, take } from './reading.ts'

/** An iterator with a signal, that listens and may have kept something. */
function givenIterator(kept = 0) {
  const all = givenOpen()
  const controller = new AbortController()
  const { signal } = controller
  const iterator = all.client.events('a', { signal })
  for (let data = 1; data <= kept; data += 1) say(all.link(), 'a', data)
  expect(listenedTo(all.link())).toEqual(['a'])
  expect(listenersOf(signal)).toBe(1)
  return { ...all, controller, signal, iterator, held: all.environment.held }
}

type Given = ReturnType<typeof givenIterator>

test.each<[string, (all: Given) => unknown]>([
  ['return() before the first next()', ({ iterator }) => iterator.return?.()],
  ['return() after it', async ({ iterator }) => [await iterator.next(), await iterator.return?.()]],
  ['return() while a next() waits', ({ iterator }) => [take(iterator, 3), iterator.return?.()]],
  [
    'a break',
    async ({ iterator }) => {
      for await (const _ of iterator) break
    },
  ],
  [
    'an error in the body of the loop',
    ({ iterator }) =>
      reading(iterator, () => {
        throw new Error('a bug')
      }),
  ],
  ['an abort', ({ controller }) => controller.abort()],
  [
    'an abort while a next() waits',
    ({ controller, iterator }) => {
      const taken = take(iterator, 4)
      controller.abort()
      return taken
    },
  ],
  ['close()', ({ client }) => client.close()],
  ['an error that closes the client', ({ link }) => link().end({ code: 'refused' })],
  ['more than it can keep', ({ link }) => Array.from({ length: 1001 }, () => say(link(), 'a'))],
])('[RT6] %s leaves no listener', async (_, act) => {
  const all = givenIterator(2)
  await act(all)
  await settled()

  expect(listenedTo(all.link())).toEqual([])
  expect(listenersOf(all.signal)).toBe(0)
  expect(all.environment.held).toBeLessThanOrEqual(all.held)
  all.client.close()
  expect(all.environment.held).toBe(0)
})

test('[RT6] an iterator takes no timer and no page event', () => {
  const { client, environment } = givenOpen()
  const { held } = environment
  client.events('a')

  expect(environment.held).toBe(held)
})

test('[RT6] the end of one iterator leaves those beside it alone', async () => {
  const { client, link, iterator } = givenIterator()
  const beside = client.events('a')
  await iterator.return?.()
  say(link(), 'a', 1)

  expect(await take(beside, 1)).toEqual([1])
})

test('[RT6] the end of every iterator leaves the listeners of the event alone', async () => {
  const { client, link, iterator } = givenIterator()
  const heard: unknown[] = []
  client.on('a', (data) => heard.push(data))
  await iterator.return?.()
  say(link(), 'a', 1)

  expect(heard).toEqual([1])
})

test('[RT6] return() drops what is kept, and what comes', async () => {
  const { iterator, link } = givenIterator(2)
  await iterator.return?.()
  say(link(), 'a', 3)

  expect(await take(iterator, 2)).toEqual(['done', 'done'])
})

test('[RT6] return() answers with what it was given, as often as it is called', async () => {
  const { iterator } = givenIterator()

  expect(await iterator.return?.('value')).toEqual({ done: true, value: 'value' })
  expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
})

test('[RT6] return() answers the calls of next() that wait', async () => {
  const { iterator } = givenIterator()
  const calls = take(iterator, 1)
  const more = take(iterator, 1)
  await iterator.return?.()

  expect([await calls, await more]).toEqual([['done'], ['done']])
})

test('[RT6] return() after the iterator has failed leaves nothing to throw', async () => {
  const { client, link } = givenOpen()
  const iterator = client.events('a', { limit: 1 })
  say(link(), 'a', 1)
  say(link(), 'a', 2)
  await iterator.return?.()

  expect(await take(iterator, 2)).toEqual(['done', 'done'])
})

test('[RT6] after a break a second loop over the same iterator is over at once', async () => {
  const { iterator, link } = givenIterator(3)
  for await (const _ of iterator) break
  say(link(), 'a', 4)
  const again = reading(iterator)
  await settled()

  expect(again).toEqual({ values: [], end: 'done' })
})

test('[RT6] a break in one of two loops over one iterator ends both', async () => {
  const { iterator, link } = givenIterator()
  const other = reading(iterator)
  const breaking = (async () => {
    for await (const _ of iterator) break
  })()
  say(link(), 'a', 1)
  say(link(), 'a', 2)
  await settled()
  await breaking

  expect(other.end).toBe('done')
})

test.each([new Error('enough'), 'a text', { an: 'object' }])(
  '[RT6] an abort throws its reason, %o, and drops what is kept',
  async (reason) => {
    const { iterator, controller } = givenIterator(2)
    controller.abort(reason)
    const taken = await take(iterator, 3)

    expect(taken).toEqual([{ thrown: reason }, 'done', 'done'])
    expect((taken[0] as { thrown: unknown }).thrown).toBe(reason)
  },
)

test.each([null, 0, '', false])('[RT6] an abort throws its reason, even %o', async (reason) => {
  const { iterator, controller } = givenIterator()
  controller.abort(reason)

  expect(await take(iterator, 2)).toEqual([{ thrown: reason }, 'done'])
})

test('[RT6] an abort without a reason throws an AbortError', async () => {
  const { iterator, controller } = givenIterator()
  const read = reading(iterator)
  await settled()
  controller.abort()
  await settled()

  expect(read).toEqual({ values: [], end: { thrown: expect.objectContaining({ name: 'AbortError' }) } })
})

test('[RT6] a signal that was aborted before makes an iterator that throws and never listens', async () => {
  const { client, link } = givenOpen()
  const signal = AbortSignal.abort('before')
  const iterator = client.events('a', { signal })
  say(link(), 'a', 1)

  expect(listenedTo(link())).toEqual([])
  expect(listenersOf(signal)).toBe(0)
  expect(await take(iterator, 2)).toEqual([{ thrown: 'before' }, 'done'])
})

test('[RT6] an abort inside a listener keeps the message from the iterator', async () => {
  const { client, link } = givenOpen()
  const controller = new AbortController()
  client.on('a', () => controller.abort('now'))
  const iterator = client.events('a', { signal: controller.signal })
  say(link(), 'a', 1)

  expect(await take(iterator, 2)).toEqual([{ thrown: 'now' }, 'done'])
})

test('[RT6] an abort after the end changes nothing', async () => {
  const { client, controller, iterator } = givenIterator()
  client.close()
  controller.abort('late')

  expect(await take(iterator, 2)).toEqual(['done', 'done'])
})

test('[RT6] one signal ends the iterators of several events', async () => {
  const { client, link } = givenOpen()
  const controller = new AbortController()
  const reads = ['a', 'b'].map((event) => reading(client.events(event, { signal: controller.signal })))
  controller.abort('all')
  await settled()

  for (const { end } of reads) expect(end).toEqual({ thrown: 'all' })
  expect(listenedTo(link())).toEqual([])
})

test('[RT6] a rejection nobody asked for is none: an iterator that is left alone fails silently', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  const { client, link } = givenOpen()
  client.events('a')
  link().end({ code: 'refused' })
  await settled()
  await settled()
  process.off('unhandledRejection', note)

  expect(unhandled).toEqual([])
})

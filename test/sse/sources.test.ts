import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readEvents } from '../../src/sse/index.ts'
import { codeThrownBy } from '../circumstances.ts'
import { answerWith, bytesOf, collect, cutEvery, streamOf } from './ways-to-read.ts'

const stream = bytesOf('id: 1\ndata: é😀\n\nevent: e\ndata: b\n\n')
const text = new TextDecoder().decode(stream)
const events = [
  { event: 'message', data: 'é😀', id: '1' },
  { event: 'e', data: 'b', id: '1' },
]

async function* each<T>(parts: Iterable<T>) {
  yield* parts
}

/** A Node stream that was told to decode: it gives strings, never half a character. */
function decoding(): Readable {
  return new Readable({ read: () => {} }).setEncoding('utf8')
}

test.each([
  ['a Response', () => answerWith(streamOf(cutEvery(stream, 3)))],
  ['the body of a Response', () => answerWith(streamOf(cutEvery(stream, 3))).body ?? streamOf([])],
  ['a ReadableStream', () => streamOf(cutEvery(stream, 3))],
  ['a ReadableStream of bytes', () => new Blob([stream as Uint8Array<ArrayBuffer>]).stream()],
  ['an async generator of bytes', () => each(cutEvery(stream, 3))],
  ['an async generator of strings', () => each(text)],
  ['an async generator of Buffers', () => each(cutEvery(stream, 3).map((chunk) => Buffer.from(chunk)))],
  ['a Readable of Node with bytes', () => Readable.from(cutEvery(stream, 3), { objectMode: false })],
  ['a Readable of Node with strings', () => Readable.from(text)],
])('readEvents takes %s', async (_what, source) => {
  expect(await collect(readEvents(source()))).toEqual({ events })
})

test('readEvents takes a Readable of Node that decodes', async () => {
  const source = decoding()
  for (const chunk of cutEvery(stream, 3)) source.push(chunk)
  source.push(null)

  expect(await collect(readEvents(source))).toEqual({ events })
})

test('readEvents takes a ReadableStream that cannot be iterated, as in WebKit', async () => {
  const source = streamOf([stream])
  Object.defineProperty(source, Symbol.asyncIterator, { value: undefined })

  expect(await collect(readEvents(source))).toEqual({ events })
})

test('readEvents takes an async iterable whose iterator has no `return`', async () => {
  const source = each([stream])
  const bare = { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) }

  expect(await collect(readEvents(bare))).toEqual({ events })
})

test('a Response without a body has no events', async () => {
  expect(await collect(readEvents(answerWith(null)))).toEqual({ events: [] })
})

test('empty chunks are nothing', async () => {
  expect(await collect(readEvents(each(['', 'data: a\n', '', '\n', ''])))).toMatchObject({ events: [{ data: 'a' }] })
  const bytes = [new Uint8Array(), bytesOf('data: a\n'), new Uint8Array(), bytesOf('\n')]
  expect(await collect(readEvents(each(bytes)))).toMatchObject({ events: [{ data: 'a' }] })
})

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a number', 1],
  ['text', 'data: a\n\n'],
  ['bytes', stream],
  ['an object', {}],
  [
    'an answer without a stream',
    { status: 200, headers: new Headers({ 'content-type': 'text/event-stream' }), data: '' },
  ],
  ['a promise of a response', Promise.resolve(answerWith(null))],
])('%s is no source, which is said at the call', (_what, source) => {
  expect(codeThrownBy(() => readEvents(source as never))).toBe('invalid-config')
})

test('a locked body is no source', () => {
  const response = answerWith('data: a\n\n')
  const locked = streamOf([])
  response.body?.getReader()
  locked.getReader()

  expect(codeThrownBy(() => readEvents(response))).toBe('invalid-config')
  expect(codeThrownBy(() => readEvents(locked))).toBe('invalid-config')
})

test('a body that was read is no source', async () => {
  const response = answerWith('data: a\n\n')
  await response.text()

  expect(codeThrownBy(() => readEvents(response))).toBe('invalid-config')
})

test.each([0, -1, Number.NaN, '5', null])('a maxMessageSize of %j throws at the call', (maxMessageSize) => {
  const options = { maxMessageSize: maxMessageSize as number }

  expect(codeThrownBy(() => readEvents(streamOf([]), options))).toBe('invalid-config')
})

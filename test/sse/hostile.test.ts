import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRealtimeError, readEvents } from '../../src/sse/index.ts'
import { cut, garbage, joined, validStream } from './drawn-streams.ts'
import { holds, timeout } from './properties.ts'
import { interpret } from './reference-parser.ts'
import {
  answerWith,
  bytesOf,
  collect,
  cutEvery,
  hearAll,
  type Outcome,
  streamOf,
  throughClient,
  throughReadEvents,
  ways,
} from './ways-to-read.ts'

/** In characters: some of the drawn events are larger. */
const maxMessageSize = fc.constantFrom(1, 8, 40, 1000)

test.each(ways)(
  '[SS2] %s: however a stream is cut, its events are those of the whole',
  { timeout },
  async (name, read) => {
    await holds(`${name}: however a stream is cut`, cut(validStream), async (chunks) => {
      expect(await read(chunks)).toEqual({ events: interpret(joined(chunks)).events })
    })
  },
)

test('[SS2] readEvents: however a stream is cut, it tells the same comments and retries', { timeout }, async () => {
  await holds('it tells the same comments and retries', cut(validStream), async (chunks) => {
    const told = { comments: [] as string[], retries: [] as number[] }
    const onComment = (comment: string) => told.comments.push(comment)
    const onRetry = (ms: number) => told.retries.push(ms)
    await collect(readEvents(streamOf(chunks), { onComment, onRetry }))
    const { comments, retries } = interpret(joined(chunks))

    expect(told).toEqual({ comments, retries })
  })
})

test('[SS2] a client: however a stream is cut, its last id is that of the whole', { timeout }, async () => {
  await holds('its last id is that of the whole', cut(validStream), async (chunks) => {
    const { lastEventId } = await hearAll(() => answerWith(streamOf(chunks)))

    expect(lastEventId).toBe(interpret(joined(chunks)).lastEventId)
  })
})

test.each(ways)('[SS4] %s: garbage is read as the standard has it', { timeout }, async (name, read) => {
  await holds(`${name}: garbage is read`, cut(garbage), async (chunks) => {
    expect(await read(chunks)).toEqual({ events: interpret(joined(chunks)).events })
  })
})

test.each(ways)(
  '[SS4] %s: a long line of junk is none of an event, however much of a field it begins with',
  async (_, read) => {
    const junk = ['dat', 'datas', 'eventual', 'error: ', 'idle', 'identity: ', 'retr', 'retry-after: ']
    const bytes = bytesOf(junk.map((begin) => `${begin}${'x'.repeat(20_000)}\ndata: a\n\n`).join(''))

    for (const size of [1, 700, 5000]) {
      expect(await read(cutEvery(bytes, size), 40)).toEqual({ events: interpret(bytes).events })
    }
  },
)

/** Nothing is thrown but our own 'too-large', exactly where an event is larger, and all events before that one have come. */
function judge({ events, error }: Outcome, chunks: readonly Uint8Array[], limit: number): void {
  const { events: expected } = interpret(joined(chunks))
  const tooLarge = expected.findIndex(({ data }) => data.length > limit)
  if (error !== undefined) expect(isRealtimeError(error) && error.code).toBe('too-large')

  expect(error !== undefined).toBe(tooLarge >= 0)
  expect(events).toEqual(tooLarge < 0 ? expected : expected.slice(0, tooLarge))
}

test('[SS4] readEvents: of any bytes, an event over maxMessageSize is all that throws', { timeout }, async () => {
  const drawn = fc.tuple(cut(garbage), maxMessageSize)
  await holds('an event over maxMessageSize is all that throws', drawn, async ([chunks, limit]) => {
    judge(await throughReadEvents(chunks, limit), chunks, limit)
  })
})

test("[SS4] a client: of any bytes, an event over maxMessageSize is all that is not 'lost'", { timeout }, async () => {
  const drawn = fc.tuple(cut(garbage), maxMessageSize)
  await holds('an event over maxMessageSize is all that is not', drawn, async ([chunks, limit]) => {
    const { events, error } = await hearAll(() => answerWith(streamOf(chunks)), limit)
    judge({ events, ...(error.code !== 'lost' && { error }) }, chunks, limit)
  })
})

/** More than the parser may hold of an event whose end has not come, in a chunk that began with another event, or alone. */
const overflowing = fc
  .tuple(cut(garbage), fc.boolean(), fc.constantFrom('\n', '\r', ''), cut(garbage))
  .map(([before, hasEvent, end, after]) => [
    ...before,
    bytesOf(`\n\n${hasEvent ? 'data: a\n\n' : ''}data: ${'x'.repeat(6000)}${end}`),
    ...after,
  ])

test.each([
  ['readEvents', throughReadEvents],
  ['a client over fetchStream', throughClient],
] as const)('[SS4] %s: whatever overflows is told as too large', { timeout }, async (name, read) => {
  await holds(`${name}: whatever overflows`, overflowing, async (chunks) => {
    const { error } = await read(chunks, 40)

    expect(isRealtimeError(error) && error.code).toBe('too-large')
  })
})

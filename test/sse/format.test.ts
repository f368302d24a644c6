import { describe, expect, test } from 'vitest'
import { readEvents } from '../../src/sse/index.ts'
import {
  decodingCases,
  endCases,
  exampleCases,
  type FormatCase,
  fieldCases,
  formatCases,
  idCases,
  lineEndCases,
} from './format-cases.ts'
import { interpret } from './reference-parser.ts'
import { answerWith, bytesOf, collect, cutEvery, hearAll, streamOf, ways } from './ways-to-read.ts'

const groups: readonly (readonly [name: string, cases: readonly FormatCase[]])[] = [
  ['decoding', decodingCases],
  ['ends of lines', lineEndCases],
  ['fields', fieldCases],
  ['ids', idCases],
  ['the end of the stream', endCases],
  ["the standard's examples", exampleCases],
]

describe.each(ways)('%s', (_name, read) => {
  describe.each(groups)('%s', (_group, cases) => {
    test.each(cases)('[SS1] %s', async (_what, stream, events) => {
      expect(await read([stream])).toEqual({ events })
    })

    test.each(cases)('[SS1][SS2] %s, byte by byte', async (_what, stream, events) => {
      expect(await read(cutEvery(stream, 1))).toEqual({ events })
    })
  })

  test('[SS1][SS2] every stream cut once, at every place', async () => {
    for (const [what, stream, events] of formatCases) {
      for (let at = 0; at <= stream.length; at += 1) {
        expect(await read([stream.subarray(0, at), stream.subarray(at)]), `${what}, cut at ${at}`).toEqual({ events })
      }
    }
  })
})

test.each(formatCases)('the reference, with which random streams are compared, knows: %s', (_what, stream, events) => {
  expect(interpret(stream).events).toEqual(events)
})

describe('text instead of bytes', () => {
  async function* texts(...parts: readonly string[]) {
    yield* parts
  }

  test('[SS1] one byte order mark at its start is taken away', async () => {
    const { events } = await collect(readEvents(texts('\u{FEFF}', '\u{FEFF}data: a\n\n', 'data: b\n\n')))

    expect(events.map(({ data }) => data)).toEqual(['b'])
  })

  test('[SS1] the characters U+00EF U+00BB U+00BF at its start are no byte order mark', async () => {
    const { events } = await collect(readEvents(texts('\u00EF', '\u00BB', '\u00BFdata: a\n\ndata: b\n\n')))

    expect(events.map(({ data }) => data)).toEqual(['b'])
  })

  test('[SS1][SS2] a pair of surrogates may be cut', async () => {
    const { events } = await collect(readEvents(texts('data: \u{D83D}', '\u{DE00}\n', '\n')))

    expect(events.map(({ data }) => data)).toEqual(['😀'])
  })
})

describe('what is no event', () => {
  async function told(stream: string, size = 3) {
    const retries: number[] = []
    const comments: string[] = []
    const source = streamOf(cutEvery(bytesOf(stream), size))
    await collect(readEvents(source, { onRetry: (ms) => retries.push(ms), onComment: (text) => comments.push(text) }))
    return { retries, comments }
  }

  test('[SS1] a retry of ASCII digits is told', async () => {
    expect((await told('retry: 10\n\nretry:020\n\nretry: 0\n')).retries).toEqual([10, 20, 0])
  })

  test.each(['', ' ', '-1', '+1', '1.5', '1e3', '10 ', '  10', '1x', '0x10', '١٢', '１２', '1\0'])(
    '[SS1] a retry of %j is ignored',
    async (value) => {
      expect((await told(`retry: ${value}\nretry: 7\n\n`)).retries).toEqual([7])
    },
  )

  test('[SS1] retry without a colon is ignored', async () => {
    expect((await told('retry\n\n')).retries).toEqual([])
  })

  test('[SS1] a comment is told without its colon and one space', async () => {
    expect((await told(':a\n: b\n:  c\n:\n: : d\rdata: x\n:e\r\n\n')).comments).toEqual([
      'a',
      'b',
      ' c',
      '',
      ': d',
      'e',
    ])
  })

  test('[SS1] a comment without an end is not told', async () => {
    expect((await told(':a\n:b')).comments).toEqual(['a'])
  })
})

describe('the last id of a stream, as a client keeps it', () => {
  async function lastIdOf(stream: string, size: number): Promise<string> {
    const { lastEventId } = await hearAll(() => answerWith(streamOf(cutEvery(bytesOf(stream), size))))
    return lastEventId
  }

  test.each([
    ['that of an event', 'id: 1\ndata: a\n\n', '1'],
    ['that of a block without data', 'id: 1\ndata: a\n\nid: 2\n\n', '2'],
    ['an empty one of a block without data', 'id: 1\ndata: a\n\nid:\n\n', ''],
    ['not that of a block without its blank line', 'id: 1\ndata: a\n\nid: 2\ndata: b\n', '1'],
    ['not one with NUL', 'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n', '1'],
  ])('[SS1] is %s', async (_what, stream, id) => {
    expect(await lastIdOf(stream, 1000)).toBe(id)
    expect(await lastIdOf(stream, 1)).toBe(id)
  })
})

/** Byte order marks and UTF-8. */
import { type Case, differs, type Group, type Heard, message, type Response, stream } from '../case.ts'

const mark = '\uFEFF'

function bytes(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(numbers)
}

function decodes(name: string, chunks: readonly (string | Uint8Array)[], ...events: readonly Heard[]): Case {
  return { name, clause: 'utf-8', answers: [stream(...chunks)], expected: { outcome: 'open', requests: 1, events } }
}

function withCharset(name: string): Response {
  return { ...stream('data: ü\n\n'), headers: { 'content-type': `text/event-stream;charset=${name}` } }
}

const marks: readonly Case[] = [
  decodes('a byte order mark at the beginning is dropped', [`${mark}data: a\n\n`], message('a')),
  decodes('also one that comes in three chunks', [bytes(0xef), bytes(0xbb), bytes(0xbf), 'data: a\n\n'], message('a')),
  decodes('only the first of two is dropped', [`${mark}${mark}data: x\n\ndata: a\n\n`], message('a')),
  decodes(
    'one that comes later is part of its line',
    [`data: a\n\n${mark}data: x\n\ndata: b\n\n`],
    message('a'),
    message('b'),
  ),
  decodes('one inside of data stays', [`data: ${mark}a\n\n`], message(`${mark}a`)),
]

const utf8: readonly Case[] = [
  decodes('text is UTF-8', ['data: ü€😀\n\n'], message('ü€😀')),
  decodes(
    'a character may come in several chunks',
    ['data: ', bytes(0xf0, 0x9f), bytes(0x98, 0x80), '\n\n'],
    message('😀'),
  ),
  decodes('a byte that is never in UTF-8 becomes U+FFFD', ['data: a', bytes(0xff), 'b\n\n'], message('a\uFFFDb')),
  decodes('so does a character that a line end cuts off', ['data: ', bytes(0xe2, 0x82), '\n\n'], message('\uFFFD')),
  decodes('each byte of an overlong form does', ['data: ', bytes(0xc0, 0xaf), '\n\n'], message('\uFFFD\uFFFD')),
  decodes('each byte of a surrogate does', ['data: ', bytes(0xed, 0xa0, 0x80), '\n\n'], message('\uFFFD\uFFFD\uFFFD')),
  ...['iso-8859-1', 'utf-16le'].map(
    (name): Case => ({
      name: `text is UTF-8 also with \`charset=${name}\``,
      clause: 'interpreting',
      answers: [withCharset(name)],
      expected: { outcome: 'open', requests: 1, events: [message('ü')] },
      differences: differs('other charset', { outcome: 'reconnects', requests: 2, events: [] }, 'native'),
    }),
  ),
]

export const decoding: readonly Group[] = [
  { title: 'Byte order marks', cases: marks },
  { title: 'UTF-8', cases: utf8 },
]

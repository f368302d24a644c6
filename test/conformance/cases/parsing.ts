/** Lines, fields and blocks. */
import { type Case, type Group, type Heard, message, stream } from '../case.ts'
import type { Clause } from '../clauses.ts'

function parses(clause: Clause, name: string, text: string | readonly string[], ...events: readonly Heard[]): Case {
  const chunks = typeof text === 'string' ? [text] : text
  return { name, clause, answers: [stream(...chunks)], expected: { outcome: 'open', requests: 1, events } }
}

const lines: readonly Case[] = [
  parses('parsing', 'LF ends a line', 'data: a\n\n', message('a')),
  parses('parsing', 'CR ends a line', 'data: a\r\r', message('a')),
  parses('parsing', 'CRLF ends one line, not two', 'data: a\r\ndata: b\r\n\r\n', message('a\nb')),
  parses(
    'parsing',
    'one stream may have all three',
    'data: a\ndata: b\rdata: c\r\n\rdata: d\n\r\n',
    message('a\nb\nc'),
    message('d'),
  ),
  parses(
    'parsing',
    'a CRLF that two chunks share is one line end',
    ['data: a\r', '\ndata: b\r', '\n\r', '\n'],
    message('a\nb'),
  ),
  {
    name: 'a block that ends with CR is told before anything follows',
    clause: 'parsing',
    answers: [{ chunks: ['data: a\r\r'], finish: 'stay' }],
    enough: 1,
    patience: 2000,
    expected: { outcome: 'open', requests: 1, events: [message('a')] },
  },
  parses(
    'parsing',
    'VT, FF, U+0085, U+2028 and U+2029 end no line',
    'data: a\u000bb\u000cc\u0085d\u2028e\u2029f\n\n',
    message('a\u000bb\u000cc\u0085d\u2028e\u2029f'),
  ),
  parses('parsing', 'a stream may come in single characters', [...'id: 1\ndata: a\n\n'], message('a', '1')),
  parses(
    'parsing',
    'a line may be long (100,000 characters)',
    `data: ${'x'.repeat(1e5)}\n\n`,
    message('x'.repeat(1e5)),
  ),
]

const fields: readonly Case[] = [
  parses('interpreting', 'a line that begins with a colon is a comment', ': a\n:\ndata: a\n:data: b\n\n', message('a')),
  parses('interpreting', 'a comment between data lines parts no block', 'data: a\n:\ndata: b\n\n', message('a\nb')),
  parses(
    'interpreting',
    'one space after the colon is dropped, and only one',
    'data:a\ndata: b\ndata:  c\n\n',
    message('a\nb\n c'),
  ),
  parses('interpreting', 'a tab after the colon stays', 'data:\ta\n\n', message('\ta')),
  parses('interpreting', 'spaces at the end of a line stay', 'data: a \n\n', message('a ')),
  parses('interpreting', 'the first colon parts name and value', 'data: a: b:c\n\n', message('a: b:c')),
  parses('interpreting', 'a line without a colon is a name with an empty value', 'data\n\n', message('')),
  parses('interpreting', 'an unknown field is ignored', 'last-event-id: 9\ndata: a\nnothing\nx: y\n\n', message('a')),
  parses('interpreting', 'names of fields are case-sensitive', 'DATA: x\nData: y\ndata: a\n\n', message('a')),
  parses('interpreting', 'a space beside a name makes another name', ' data: x\ndata : y\ndata: a\n\n', message('a')),
  parses('interpreting', 'a NUL in data stays', 'data: a\0b\n\n', message('a\0b')),
  parses('interpreting', '`event` names the event', 'event: add\ndata: a\n\n', ['add', 'a', '']),
  parses('interpreting', 'the last `event` of a block counts', 'event: add\nevent: drop\ndata: a\n\n', [
    'drop',
    'a',
    '',
  ]),
  parses('interpreting', 'an event may be named anything', 'event: two words, ü\ndata: a\n\n', [
    'two words, ü',
    'a',
    '',
  ]),
  parses('interpreting', '`id` goes with the event', 'id: 1\ndata: a\n\n', message('a', '1')),
  parses('interpreting', 'an id is text', 'id: 0x1: ü \ndata: a\n\n', message('a', '0x1: ü ')),
  parses(
    'interpreting',
    'an `id` with a NUL is ignored',
    'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n',
    message('a', '1'),
    message('b', '1'),
  ),
  parses('interpreting', 'the last `id` of a block counts', 'id: 1\nid: 2\ndata: a\n\n', message('a', '2')),
]

const blocks: readonly Case[] = [
  parses('dispatch', 'data lines are joined by LF', 'data: a\ndata:\ndata: b\n\n', message('a\n\nb')),
  parses('dispatch', 'one LF at the end is dropped, and only one', 'data: a\ndata:\ndata:\n\n', message('a\n\n')),
  parses('dispatch', 'empty data is an event', 'data:\n\ndata\ndata\n\n', message(''), message('\n')),
  parses('dispatch', 'blank lines alone are no event', '\n\n\ndata: a\n\n\n\n', message('a')),
  parses(
    'dispatch',
    'a block without data is no event, and its name is forgotten',
    'event: add\n\ndata: a\n\n',
    message('a'),
  ),
  parses(
    'dispatch',
    'name and data are of one block only',
    'event: add\ndata: a\n\ndata: b\n\n',
    ['add', 'a', ''],
    message('b'),
  ),
  parses('dispatch', 'an empty `event` is `message`', 'event: add\nevent\ndata: a\n\n', message('a')),
  parses('dispatch', '`event: message` is `message`', 'event: message\ndata: a\n\n', message('a')),
  parses(
    'dispatch',
    'events named `open` and `error` are just events',
    'event: open\ndata: a\n\nevent: error\ndata: b\n\ndata: c\n\n',
    ['open', 'a', ''],
    ['error', 'b', ''],
    message('c'),
  ),
  parses(
    'dispatch',
    'an id stays for the events after it',
    'id: 1\ndata: a\n\ndata: b\n\n',
    message('a', '1'),
    message('b', '1'),
  ),
  parses('dispatch', 'an id without an event counts', 'id: 7\n\ndata: a\n\n', message('a', '7')),
  parses(
    'dispatch',
    'an empty `id` forgets the id',
    'id: 1\ndata: a\n\nid\ndata: b\n\n',
    message('a', '1'),
    message('b', ''),
  ),
  ...[
    ['a block that the end of the stream cuts off is dropped', 'data: a\n\ndata: b\n', 'end'] as const,
    ['so is a line', 'data: a\n\ndata: b', 'end'] as const,
    ['so is what a torn connection cuts off', 'data: a\n\nevent: add\ndata: b\n', 'cut'] as const,
  ].map(
    ([name, text, finish]): Case => ({
      name,
      clause: 'interpreting',
      answers: [{ chunks: [text], finish }],
      expected: { outcome: 'reconnects', events: [message('a')] },
    }),
  ),
]

export const parsing: readonly Group[] = [
  { title: 'Lines', cases: lines },
  { title: 'Fields', cases: fields },
  { title: 'Blocks', cases: blocks },
]

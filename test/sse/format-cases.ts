/**
 * Streams, and what the HTML standard makes of them, written down by hand. The clauses are those of
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
import type { SseEvent } from '../../src/sse/index.ts'
import { bytesOf } from './ways-to-read.ts'

export type FormatCase = readonly [what: string, stream: Uint8Array, events: readonly SseEvent[]]

const event = (data: string, name = 'message', id = ''): SseEvent => ({ event: name, data, id })
const named = (name: string, data: string) => event(data, name)
const withId = (id: string, data: string) => event(data, 'message', id)

function given(what: string, stream: string, ...events: readonly SseEvent[]): FormatCase {
  return [what, bytesOf(stream), events]
}

const bom = '\u{FEFF}'

/** 9.2.5, "Parsing an event stream", and what it says of decoding. */
export const decodingCases: readonly FormatCase[] = [
  given('nothing is no event', ''),
  given('one byte order mark at the start is taken away', `${bom}data: a\n\n`, event('a')),
  given('of two byte order marks one is left', `${bom}${bom}data: a\n\ndata: b\n\n`, event('b')),
  given('a byte order mark further on is text', `data: ${bom}a\n\n${bom}data: b\n\n`, event(`${bom}a`)),
  given('a byte order mark before a blank line is taken away', `${bom}\ndata: a\n\n`, event('a')),
  given('a byte order mark alone is no event', bom),
  given(
    'the characters U+00EF U+00BB U+00BF are no byte order mark',
    '\u00EF\u00BB\u00BFdata: a\n\ndata: b\n\n',
    event('b'),
  ),
  given(
    'after a byte order mark the characters U+00EF U+00BB U+00BF are none, either',
    `${bom}\u00EF\u00BB\u00BFdata: a\n\n`,
  ),
  given(
    'the characters U+00EF U+00BB U+00BF in a value are text',
    'data:\u00EF\u00BB\u00BF\n\n',
    event('\u00EF\u00BB\u00BF'),
  ),
  given('characters of two, three and four bytes are read', 'data: é€😀\n\n', event('é€😀')),
  [
    'what is no UTF-8 becomes U+FFFD, and costs no more than itself',
    Uint8Array.of(...bytesOf('data: '), 0xff, 0x41, 0xc3, 0x0a, ...bytesOf('data: b'), 0xe2, 0x82, 0x0a, 0x0a),
    [event('\u{FFFD}A\u{FFFD}\nb\u{FFFD}')],
  ],
]

/** 9.2.5: end-of-line is CR LF, LF or CR. */
export const lineEndCases: readonly FormatCase[] = [
  given('LF', 'event: e\ndata: a\ndata: b\n\ndata: c\n\n', named('e', 'a\nb'), event('c')),
  given('CR', 'event: e\rdata: a\rdata: b\r\rdata: c\r\r', named('e', 'a\nb'), event('c')),
  given('CRLF', 'event: e\r\ndata: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n', named('e', 'a\nb'), event('c')),
  given('LF CR is two ends', 'data: a\n\rdata: b\n\r', event('a'), event('b')),
  given('LF CR LF is two ends', 'data: a\n\r\ndata: b\n\r\n', event('a'), event('b')),
  given('CR CR LF is two ends', 'data: a\r\r\ndata: b\r\r\n', event('a'), event('b')),
  given('one stream may have all three', 'data: a\rdata: b\ndata: c\r\n\ndata: d\r\n\r', event('a\nb\nc'), event('d')),
  given('CR at the very end is an end', 'data: a\n\r', event('a')),
  given('other breaks are text', 'data: a\u2028b\u2029c\u0085d\ve\ff\n\n', event('a\u2028b\u2029c\u0085d\ve\ff')),
  given('blank lines alone are no event', '\n\n\r\r\r\n\r\n\n'),
]

/** 9.2.6, "Interpreting an event stream": lines and fields. */
export const fieldCases: readonly FormatCase[] = [
  given(
    'one space after the colon is taken away',
    'data: a\n\ndata:b\n\ndata:  c\n\n',
    event('a'),
    event('b'),
    event(' c'),
  ),
  given('a tab after the colon is not taken away', 'data:\ta\n\n', event('\ta')),
  given('a space before the colon makes another name', 'data : a\n\ndata: b\n\n', event('b')),
  given('a space before the name makes another name', ' data: a\n\ndata: b\n\n', event('b')),
  given('further colons are the value', 'data: a:b: c\n\ndata::\n\n', event('a:b: c'), event(':')),
  given('several lines of data are joined by LF', 'data: a\ndata\ndata: \ndata: b\n\n', event('a\n\n\nb')),
  given('data without a colon is an empty line', 'data\ndata\n\n', event('\n')),
  given('a comment is nothing', ': a\n:b\n:\ndata: c\n: d\ndata: e\n\n', event('c\ne')),
  given('a comment alone is no event', ': a\n\n'),
  given('unknown fields are nothing', 'foo: a\nfoo\ndata: b\nDATA: c\nDatA: d\ndat: e\ndatas: f\n\n', event('b')),
  given(
    'a name without a colon that only begins like a known one is nothing',
    'dataa\ndat\nevents\nids\ndata: a\n\n',
    event('a'),
  ),
  given('an event has its name', 'event: e\ndata: a\n\n', named('e', 'a')),
  given('the name may come after the data', 'data: a\nevent: e\n\n', named('e', 'a')),
  given('the last name counts', 'event: d\nevent: e\ndata: a\n\n', named('e', 'a')),
  given(
    'an empty name is no name',
    'event: d\nevent:\ndata: a\n\nevent: e\nevent\ndata: b\n\n',
    event('a'),
    event('b'),
  ),
  given('a name lasts for one event', 'event: e\ndata: a\n\ndata: b\n\n', named('e', 'a'), event('b')),
  given('a name lasts for one block, also without data', 'event: e\n\ndata: b\n\n', event('b')),
  given(
    'names are opaque',
    'event: __proto__\ndata: a\n\nevent: error\ndata: b\n\nevent:  x \ndata: c\n\n',
    named('__proto__', 'a'),
    named('error', 'b'),
    named(' x ', 'c'),
  ),
  given('retry is no event', 'retry: 10\n\nretry: x\n\ndata: a\nretry: 5\n\n', event('a')),
  given('NUL in data is text', 'data: a\0b\n\n', event('a\0b')),
]

/** 9.2.6: the last event ID, and what is dispatched. */
export const idCases: readonly FormatCase[] = [
  given('an id stays', 'id: 1\ndata: a\n\ndata: b\n\n', withId('1', 'a'), withId('1', 'b')),
  given('an id may come after the data', 'data: a\nid: 1\n\n', withId('1', 'a')),
  given('the last id of a block counts', 'id: 1\nid: 2\ndata: a\n\n', withId('2', 'a')),
  given('an empty id takes the last one away', 'id: 1\ndata: a\n\nid:\ndata: b\n\n', withId('1', 'a'), event('b')),
  given(
    'an id without a colon takes the last one away',
    'id: 1\ndata: a\n\nid\ndata: b\n\n',
    withId('1', 'a'),
    event('b'),
  ),
  given('an id with NUL is ignored', 'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n', withId('1', 'a'), withId('1', 'b')),
  given('NUL does not undo the id before it', 'id: 1\nid: 2\0\ndata: a\n\n', withId('1', 'a')),
  given('an id without data counts for later events', 'id: 1\n\ndata: a\n\n', withId('1', 'a')),
  given('an empty id without data takes the last one away', 'id: 1\n\nid:\n\ndata: a\n\n', event('a')),
  given('spaces belong to an id', 'id:  1 \ndata: a\n\n', withId(' 1 ', 'a')),
  given('an id is text', 'id: é😀\ndata: a\n\n', withId('é😀', 'a')),
  given('no data, no event', 'event: e\nid: 1\nretry: 1\n\n'),
]

/** 9.2.6, "once the end of the file is reached, any pending data must be discarded". */
export const endCases: readonly FormatCase[] = [
  given('a block without its blank line is discarded', 'data: a\n\ndata: b\n', event('a')),
  given('a line without its end is discarded', 'data: a\n\ndata: b', event('a')),
  given('a line without its end that is alone in its stream is discarded', 'data: a'),
  [
    'a character that was cut off is discarded',
    Uint8Array.of(...bytesOf('data: a\n\ndata: '), 0xf0, 0x9f),
    [event('a')],
  ],
]

/** 9.2.6, the standard's own examples. */
export const exampleCases: readonly FormatCase[] = [
  given('the stocks', 'data: YHOO\ndata: +2\ndata: 10\n\n', event('YHOO\n+2\n10')),
  given('data without text', 'data\n\ndata\ndata\n\ndata:', event(''), event('\n')),
  given('the same twice', 'data:test\n\ndata: test\n\n', event('test'), event('test')),
  given(
    'four blocks',
    ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
    withId('1', 'first event'),
    event('second event'),
    event(' third event'),
  ),
]

export const formatCases: readonly FormatCase[] = [
  ...decodingCases,
  ...lineEndCases,
  ...fieldCases,
  ...idCases,
  ...endCases,
  ...exampleCases,
]

/** When a client comes back, how soon, and when it does not. */
import { type Case, differs, type Expected, type Group, message } from '../case.ts'

const comesBack: Expected = { outcome: 'reconnects', requests: 2 }
const event = { chunks: ['data: a\n\n'] }
/** A short reconnection time, for a browser that keeps to it while ids are in use. */
const numbered = { chunks: ['retry: 10\nid: 1\ndata: a\n\n'] }

const coming: readonly Case[] = [
  {
    name: 'after the end of a stream',
    clause: 'reestablish',
    answers: [event],
    expected: { ...comesBack, events: [message('a')] },
  },
  { name: 'after the end of an empty stream', clause: 'reestablish', answers: [{}], expected: comesBack },
  {
    name: 'after the end of a stream with an id',
    clause: 'reestablish',
    answers: [numbered],
    expected: { ...comesBack, events: [message('a', '1')] },
  },
  {
    name: 'after a connection that breaks within a stream',
    clause: 'reestablish',
    answers: [{ ...event, finish: 'cut' }],
    expected: { ...comesBack, events: [message('a')] },
  },
  { name: 'after a request without an answer', clause: 'processing', answers: ['drop'], expected: comesBack },
  {
    name: 'after several of them',
    clause: 'processing',
    answers: [event, 'drop', 'drop'],
    expected: { outcome: 'reconnects', requests: 4 },
  },
  {
    name: 'as often as streams end',
    clause: 'reestablish',
    answers: [event, event, event],
    expected: { outcome: 'reconnects', requests: 4, events: [message('a'), message('a'), message('a')] },
  },
  ...([204, 404] as const).map(
    (status): Case => ({
      name: `not after a ${status} at the second request`,
      clause: 'fail',
      answers: [event, { status }],
      expected: { outcome: 'gives up', requests: 2, events: [message('a')] },
      differences: differs('unseen status', { outcome: 'reconnects', requests: 3 }, 'native'),
    }),
  ),
  {
    name: 'not after another content type at the second request',
    clause: 'fail',
    answers: [event, { ...event, headers: { 'content-type': 'text/html' } }],
    expected: { outcome: 'gives up', requests: 2, events: [message('a')] },
    differences: {
      ...differs('captive portal', { outcome: 'reconnects', requests: 3 }, 'node', 'page'),
      ...differs('unseen status', { outcome: 'reconnects', requests: 3 }, 'native'),
    },
  },
]

const closing: readonly Case[] = [
  {
    name: '`close()` ends the request, and no other follows',
    clause: 'close',
    answers: [{ ...event, finish: 'stay' }],
    closes: 'on the first event',
    expected: { outcome: 'closed', requests: 1, released: true },
  },
  {
    name: 'no event of the same chunk is told after it',
    clause: 'dispatch',
    answers: [{ chunks: ['data: a\n\ndata: b\n\nevent: add\ndata: c\n\n'], finish: 'stay' }],
    closes: 'on the first event',
    expected: { outcome: 'closed', requests: 1, events: [message('a')] },
  },
  {
    name: '`close()` during the wait: no request follows',
    clause: 'close',
    answers: [{ chunks: ['retry: 100\nid: 1\ndata: a\n\n'] }],
    closes: 'on the first wait',
    expected: { outcome: 'closed', requests: 1 },
  },
]

const own = 'reconnection time unseen'
const wait = (least: number, most?: number) => ({ after: 0, least, ...(most && { most }) })

const times: readonly Case[] = [
  {
    name: '`retry: 400` is the shortest wait',
    clause: 'interpreting',
    answers: [{ chunks: ['retry: 400\nid: 1\ndata: a\n\n'] }],
    expected: { ...comesBack, wait: wait(390) },
  },
  {
    name: 'also in a stream without ids',
    clause: 'interpreting',
    answers: [{ chunks: ['retry: 900\n\n'] }],
    expected: { ...comesBack, wait: wait(890) },
    differences: differs(own, { wait: wait(0, 890) }, 'native'),
  },
  {
    name: 'it counts before its block ends',
    clause: 'interpreting',
    answers: [{ chunks: ['id: 1\ndata: a\n\nretry: 400\n'] }],
    expected: { ...comesBack, wait: wait(390) },
  },
  {
    name: 'it holds for all waits that follow',
    clause: 'reestablish',
    answers: [{ chunks: ['retry: 400\nid: 1\ndata: a\n\n'] }, { chunks: ['data: b\n\n'] }],
    expected: { outcome: 'reconnects', requests: 3, wait: { after: 1, least: 390 } },
  },
  {
    name: 'the last one counts',
    clause: 'interpreting',
    answers: [{ chunks: ['retry: 9000\nretry: 20\nid: 1\ndata: a\n\n'] }],
    expected: { ...comesBack, wait: wait(0, 2500) },
  },
  ...['20x', '-9000', '+9000', '9e3', '9000.0', '0x9000', ' 9000', '٩٩٩٩'].map(
    (value): Case => ({
      name: `\`retry:${value.startsWith(' ') ? ' ' : ''} ${value.trim()}\`${value.startsWith(' ') ? ' (two spaces)' : ''} is ignored`,
      clause: 'interpreting',
      answers: [{ chunks: [`retry: 20\nretry: ${value}\nid: 1\ndata: a\n\n`] }],
      expected: { ...comesBack, wait: wait(0, 2500) },
    }),
  ),
  {
    name: 'a `retry` without a value is ignored',
    clause: 'interpreting',
    answers: [{ chunks: ['retry: 20\nretry\nid: 1\ndata: a\n\n'] }],
    expected: { ...comesBack, wait: wait(0, 2500) },
    differences: differs('empty retry', { wait: wait(2500) }, 'native'),
  },
  {
    name: '`retry: 0` is a number, too',
    clause: 'interpreting',
    answers: [{ chunks: ['retry: 9000\nretry: 0\nid: 1\ndata: a\n\n'] }],
    expected: { ...comesBack, wait: wait(0, 2500) },
  },
  {
    name: '`retry: 99999999999` is three years',
    clause: 'interpreting',
    answers: [{ chunks: ['retry: 99999999999\nid: 1\ndata: a\n\n'] }],
    expected: { outcome: 'waits', requests: 1 },
    differences: {
      ...differs('bounded retry', { ...comesBack, wait: wait(990) }, 'node', 'page'),
      ...differs('bounded restoring', { ...comesBack, wait: wait(3000) }, 'native'),
    },
  },
  {
    name: 'four hundred digits are longer still',
    clause: 'interpreting',
    answers: [{ chunks: [`retry: ${'9'.repeat(400)}\nid: 1\ndata: a\n\n`] }],
    expected: { outcome: 'waits', requests: 1 },
    differences: {
      ...differs('bounded retry', { ...comesBack, wait: wait(990) }, 'node', 'page'),
      ...differs('retry of many digits', { ...comesBack, wait: wait(2500) }, 'native'),
    },
  },
]

export const reconnecting: readonly Group[] = [
  { title: 'It comes back', cases: coming },
  { title: '`close()`', cases: closing },
  { title: '`retry`', cases: times },
]

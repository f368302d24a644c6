/** Which `Last-Event-ID` a request has. */
import { type Case, differs, type Expected, type Group, message } from '../case.ts'
import type { Clause } from '../clauses.ts'

/** A short reconnection time, for a browser that keeps to it while ids are in use. */
const soon = 'retry: 10\n'

function sends(name: string, text: string, id: string | undefined, clause: Clause = 'last-event-id'): Case {
  return {
    name,
    clause,
    answers: [{ chunks: [`${soon}${text}`] }],
    expected: { outcome: 'reconnects', requests: 2, sent: { 1: { 'last-event-id': id } } },
  }
}

const cases: readonly Case[] = [
  {
    name: 'the first request has none',
    clause: 'constructor',
    answers: [{}],
    expected: { outcome: 'reconnects', sent: { 0: { 'last-event-id': undefined } } },
  },
  sends('a stream without ids asks for none', 'data: a\n\n', undefined, 'reestablish'),
  sends('the request after an id has it', 'id: 1\ndata: a\n\n', '1', 'reestablish'),
  sends('the newest one', 'id: 1\ndata: a\n\nid: 2\ndata: b\n\ndata: c\n\n', '2'),
  sends('an empty `id` takes it away', 'id: 1\ndata: a\n\nid:\ndata: b\n\n', undefined, 'reestablish'),
  sends('an empty `id` without an event does so, too', 'id: 1\ndata: a\n\nid:\n\n', undefined, 'dispatch'),
  sends('an `id` with a NUL is not sent', 'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n', '1', 'interpreting'),
  sends('an id without an event counts', 'id: 1\ndata: a\n\nid: 2\n\n', '2', 'dispatch'),
  {
    ...sends('also where it is the first', 'id: 2\n\n', '2', 'dispatch'),
    differences: differs('unseen id', { sent: { 1: { 'last-event-id': undefined } } }, 'native'),
  },
  sends('that of a block that was cut off does not', 'id: 1\ndata: a\n\nid: 2\ndata: b\n', '1', 'dispatch'),
  sends('it is sent in UTF-8', 'id: ü€😀\ndata: a\n\n', 'ü€😀', 'reestablish'),
  sends('it is sent as it came, between spaces', 'id: a, "b"; c=%20\ndata: a\n\n', 'a, "b"; c=%20'),
  {
    name: 'it outlives a request without an answer',
    clause: 'reestablish',
    answers: [{ chunks: [`${soon}id: 1\ndata: a\n\n`] }, 'drop'],
    expected: { outcome: 'reconnects', requests: 3, sent: { 2: { 'last-event-id': '1' } } },
  },
  {
    name: 'it outlives a stream that has none',
    clause: 'dispatch',
    answers: [{ chunks: [`${soon}id: 1\ndata: a\n\n`] }, {}],
    expected: { outcome: 'reconnects', requests: 3, sent: { 2: { 'last-event-id': '1' } } },
  },
  {
    name: 'an event of the next stream has it, too',
    clause: 'dispatch',
    answers: [{ chunks: [`${soon}id: 1\ndata: a\n\n`] }, { chunks: ['data: b\n\n'] }],
    expected: {
      outcome: 'reconnects',
      requests: 3,
      events: [message('a', '1'), message('b', '1')],
      sent: { 2: { 'last-event-id': '1' } },
    },
  },
  {
    name: 'a redirect takes it along',
    clause: 'redirect',
    answers: [{ chunks: [`${soon}id: 1\ndata: a\n\n`] }, { status: 302, redirect: 'own' }],
    expected: { outcome: 'reconnects', requests: 3, sent: { 2: { 'last-event-id': '1' } } } satisfies Expected,
  },
]

export const resuming: readonly Group[] = [{ title: '`Last-Event-ID`', cases }]

/** Streams of another origin, with and without credentials. */
import { type Case, differs, type Expected, type Group, message, type Response, stream } from '../case.ts'

const opens: Expected = { outcome: 'open', requests: 1, events: [message('a')] }
/** A network error: the standard has it tried again, unless that is known to be futile. */
const doesNotOpen: Expected = { outcome: ['reconnects', 'gives up'], events: [] }
const nodeOpens = differs('no page', opens, 'node')
const body = stream('data: a\n\n')

function forbids(name: string, answer: Partial<Response>, withCredentials: boolean): Case {
  return {
    name,
    clause: 'cors check',
    from: 'other',
    withCredentials,
    answers: [{ ...body, ...answer }],
    expected: doesNotOpen,
    differences: nodeOpens,
  }
}

const without: readonly Case[] = [
  {
    name: 'the request names the page’s origin',
    clause: 'network',
    from: 'other',
    answers: [{ ...body, allow: 'origin' }],
    expected: { ...opens, sent: { 0: { origin: '(the page)' } } },
    differences: differs('no page', { sent: { 0: { origin: undefined } } }, 'node'),
  },
  {
    name: 'an answer that allows it opens',
    clause: 'cors check',
    from: 'other',
    answers: [{ ...body, allow: 'origin' }],
    expected: opens,
  },
  {
    name: 'so does one that allows all',
    clause: 'cors check',
    from: 'other',
    answers: [{ ...body, allow: 'any' }],
    expected: opens,
  },
  forbids('one that allows nobody does not', {}, false),
  forbids('nor does one that allows somebody else', { headers: cors('http://else.example') }, false),
  {
    name: 'no cookies are sent',
    clause: 'cors request',
    from: 'other',
    answers: [{ ...body, allow: 'origin', allowCredentials: true }],
    expected: { ...opens, sent: { 0: { cookie: undefined } } },
  },
  {
    name: 'a `Last-Event-ID` needs no preflight',
    clause: 'preflight',
    from: 'other',
    answers: [{ chunks: ['retry: 10\nid: 1\ndata: a\n\n'], allow: 'any' }],
    expected: { outcome: 'reconnects', requests: 2, sent: { 1: { 'last-event-id': '1' } }, preflights: 0 },
    differences: differs('preflight', { preflights: 1 }, 'page'),
  },
]

const withThem: readonly Case[] = [
  {
    name: 'cookies are sent',
    clause: 'cors request',
    from: 'other',
    withCredentials: true,
    answers: [{ ...body, allow: 'origin', allowCredentials: true }],
    expected: { ...opens, sent: { 0: { cookie: 'known=yes' } } },
    differences: differs('no page', { sent: { 0: { cookie: undefined } } }, 'node'),
  },
  {
    name: 'an answer that allows origin and credentials opens',
    clause: 'cors check',
    from: 'other',
    withCredentials: true,
    answers: [{ ...body, allow: 'origin', allowCredentials: true }],
    expected: opens,
  },
  forbids('one that allows all origins does not', { allow: 'any', allowCredentials: true }, true),
  forbids('nor does one that does not speak of credentials', { allow: 'origin' }, true),
  forbids(
    'nor does one with another word than `true`',
    { allow: 'origin', headers: { 'content-type': 'text/event-stream', 'access-control-allow-credentials': 'TRUE' } },
    true,
  ),
]

function cors(origin: string): Readonly<Record<string, string>> {
  return { 'content-type': 'text/event-stream', 'access-control-allow-origin': origin }
}

export const crossing: readonly Group[] = [
  { title: 'Another origin, without credentials', cases: without },
  { title: 'Another origin, with credentials', cases: withThem },
]

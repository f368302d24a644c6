/** What a request looks like, and where it is led. */
import { type Case, differs, type Expected, type Group, message, stream } from '../case.ts'
import type { Clause } from '../clauses.ts'

type Headers = Readonly<Record<string, string | undefined>>

function requests(clause: Clause, name: string, sent: Headers): Case {
  return {
    name,
    clause,
    answers: [stream('data: a\n\n')],
    expected: { outcome: 'open', requests: 1, sent: { 0: sent } },
  }
}

const properties: readonly Case[] = [
  requests('constructor', 'the method is GET, without a body', {
    ':method': 'GET',
    'content-length': undefined,
    'transfer-encoding': undefined,
    'content-type': undefined,
  }),
  requests('constructor', '`Accept` is `text/event-stream`', { accept: 'text/event-stream' }),
  requests('network', 'the cache mode is `no-store`: caches on the way are told so', {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
  }),
  {
    name: 'no answer comes from a cache, and none is kept there',
    clause: 'constructor',
    answers: [{ chunks: ['data: a\n\n'], headers: { 'cache-control': 'max-age=3600' } }],
    expected: { outcome: 'reconnects', requests: 2, events: [message('a')] },
  },
  requests('cors request', 'the mode is `cors`', { 'sec-fetch-mode': 'cors' }),
  {
    ...requests('cors request', 'the page’s own origin gets cookies', { cookie: 'known=yes' }),
    differences: differs('no page', { sent: { 0: { cookie: undefined } } }, 'node'),
  },
]

const opens: Expected = { outcome: 'open', requests: 2, events: [message('a')] }
/** A network error: the standard has it tried again, unless that is known to be futile. */
const doesNotOpen: Expected = { outcome: ['reconnects', 'gives up'], events: [] }

const redirects: readonly Case[] = [
  ...[301, 302, 303, 307, 308].map(
    (status): Case => ({
      name: `${status} is followed`,
      clause: 'redirect',
      answers: [{ status, redirect: 'own' }, stream('data: a\n\n')],
      expected: { ...opens, sent: { 1: { ':method': 'GET', accept: 'text/event-stream' } } },
    }),
  ),
  {
    name: 'also to another origin that allows it',
    clause: 'redirect',
    answers: [
      { status: 302, redirect: 'other' },
      { ...stream('data: a\n\n'), allow: 'origin' },
    ],
    expected: opens,
  },
  {
    name: 'not to one that does not',
    clause: 'cors check',
    answers: [{ status: 302, redirect: 'other' }, stream('data: a\n\n')],
    expected: doesNotOpen,
    differences: differs('no page', opens, 'node'),
  },
  {
    name: 'a 404 behind a redirect ends it',
    clause: 'fail',
    answers: [{ status: 302, redirect: 'own' }, { status: 404 }],
    expected: { outcome: 'gives up', requests: 2 },
    differences: differs('unseen status', { outcome: 'reconnects', requests: 3 }, 'native'),
  },
  {
    name: 'more than twenty in a row are a network error',
    clause: 'redirect',
    answers: Array.from({ length: 22 }, () => ({ status: 302, redirect: 'own' })),
    expected: { ...doesNotOpen, requests: 23 },
  },
]

export const requesting: readonly Group[] = [
  { title: 'The request', cases: properties },
  { title: 'Redirects', cases: redirects },
]

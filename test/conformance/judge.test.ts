import { expect, test } from 'vitest'
import { type Case, differs, type Expected, message } from './case.ts'
import { compare, judge, type Sighting } from './judge.ts'

/** A client that read one event, lost its link and came back after 100 ms. */
const sighting: Sighting = {
  outcome: 'reconnects',
  events: [message('a', '1')],
  errors: ['lost'],
  origin: 'http://page',
  run: {
    url: '/run/1',
    preflights: 0,
    requests: [
      { at: 0, method: 'GET', headers: { accept: 'text/event-stream' }, end: 10 },
      { at: 110, method: 'GET', headers: { 'last-event-id': 'Ã¼', origin: 'http://page' } },
    ],
  },
}

const right: Expected = {
  outcome: 'reconnects',
  events: [message('a', '1')],
  requests: 2,
  preflights: 0,
  sent: {
    0: { ':method': 'GET', accept: 'text/event-stream', 'last-event-id': undefined },
    1: { 'last-event-id': 'ü', origin: '(the page)' },
  },
  wait: { after: 0, least: 90, most: 110 },
}

test('a sighting that is as expected has no problem', () => {
  expect(compare(right, sighting)).toEqual([])
})

test.each<[string, Partial<Expected>]>([
  ['outcome', { outcome: 'open' }],
  ['outcome', { outcome: ['open', 'gives up'] }],
  ['events', { events: [] }],
  ['events', { events: [message('a', '2')] }],
  ['requests', { requests: 1 }],
  ['preflights', { preflights: 1 }],
  ['released', { released: true }],
  [':method of request 0', { sent: { 0: { ':method': 'POST' } } }],
  ['accept of request 0', { sent: { 0: { accept: undefined } } }],
  ['last-event-id of request 1', { sent: { 1: { 'last-event-id': undefined } } }],
  ['cookie of request 2', { sent: { 2: { cookie: undefined } } }],
  ['wait', { wait: { after: 0, least: 101 } }],
  ['wait', { wait: { after: 0, most: 99 } }],
  ['wait', { wait: { after: 1 } }],
])('another %s is a problem: %j', (what, other) => {
  expect(compare({ ...right, ...other }, sighting)).toEqual([expect.stringMatching(`^${what}: `)])
})

test('what is not named may be anything', () => {
  expect(compare({ outcome: 'reconnects' }, sighting)).toEqual([])
})

function given(expected: Expected, differences: Case['differences'] = {}): Case {
  return { name: 'a case', clause: 'parsing', answers: [], expected, differences }
}

test('a client that does what the standard says, does', () => {
  expect(judge(given(right), 'node', sighting)).toEqual({ is: 'as the standard says' })
})

test('a difference that nobody named is unexpected', () => {
  expect(judge(given({ outcome: 'gives up' }), 'node', sighting).is).toBe('unexpected')
})

test('a difference that is named has its reason', () => {
  const one = given({ outcome: 'gives up' }, differs('passing status', { outcome: 'reconnects' }, 'node'))

  expect(judge(one, 'node', sighting)).toEqual({ is: 'different', because: 'passing status' })
})

test('it is named for its column only', () => {
  const one = given({ outcome: 'gives up' }, differs('passing status', { outcome: 'reconnects' }, 'node'))

  expect(judge(one, 'page', sighting).is).toBe('unexpected')
})

test('another difference than the one that is named is unexpected', () => {
  const one = given({ outcome: 'gives up' }, differs('passing status', { outcome: 'waits' }, 'node'))

  expect(judge(one, 'node', sighting).is).toBe('unexpected')
})

test('a difference that is named and is none any more is unexpected', () => {
  const one = given({ outcome: 'reconnects' }, differs('passing status', { requests: 2 }, 'node'))

  expect(judge(one, 'node', sighting)).toEqual({
    is: 'unexpected',
    problems: ['it does what the standard says, though a difference is named'],
  })
})

/** What a status and a content type mean. */
import { type Case, differs, type Expected, type Group, message, stream } from '../case.ts'

const opens: Expected = { outcome: 'open', requests: 1, events: [message('a')] }
const fails: Expected = { outcome: 'gives up', requests: 1, events: [] }
const triesAgain = { outcome: 'reconnects', requests: 2 } as const
const body = 'data: a\n\n'

const nativeTriesAgain = differs('unseen status', triesAgain, 'native')
/** What `fetchStream` takes for a passing failure. */
const passing = [408, 425, 429, 500, 502, 503, 504]

const final = [205, 210, 299, 300, 301, 400, 403, 404, 405, 410, 451].map(
  (status): Case => ({
    name: status === 301 ? '301 without a `Location` ends it' : `${status} ends it`,
    clause: 'fail',
    answers: [{ status, chunks: status === 205 ? [] : [body] }],
    expected: fails,
    differences: nativeTriesAgain,
  }),
)

const statuses: readonly Case[] = [
  { name: '200 opens', clause: 'announce', answers: [stream(body)], expected: opens },
  {
    name: '204 ends it',
    clause: 'fail',
    answers: [{ status: 204 }],
    expected: fails,
    differences: nativeTriesAgain,
  },
  ...final,
  {
    name: '401 ends it',
    clause: 'fail',
    answers: [{ status: 401, chunks: [body] }],
    expected: fails,
    differences: { ...differs('fresh credentials', triesAgain, 'node', 'page'), ...nativeTriesAgain },
  },
  {
    name: 'a second 401 ends it',
    clause: 'fail',
    answers: [{ status: 401 }, { status: 401 }],
    expected: { outcome: 'gives up', events: [] },
    differences: differs('unseen status', { outcome: 'reconnects', requests: 3 }, 'native'),
  },
  ...passing.map(
    (status): Case => ({
      name: `${status} ends it`,
      clause: 'fail',
      answers: [{ status, chunks: [body] }],
      expected: fails,
      differences: { ...differs('passing status', triesAgain, 'node', 'page'), ...nativeTriesAgain },
    }),
  ),
]

type ContentType = readonly [
  name: string,
  value: string | readonly string[] | undefined,
  isRight: boolean,
  differences?: Case['differences'],
]

const types: readonly ContentType[] = [
  ['`text/event-stream` opens', 'text/event-stream', true],
  ['parameters do not matter', 'text/event-stream;charset=utf-8', true],
  ['nor does an unknown one', 'text/event-stream; x="y"', true],
  ['nor does a semicolon without one', 'text/event-stream;', true],
  ['nor does white space around it', 'text/event-stream\t ; charset=utf-8 ', true],
  ['nor does its case', 'Text/EVENT-stream; Charset=UTF-8', true],
  ['of two, the last counts: the right one', ['text/plain', 'text/event-stream'], true],
  ['of two, the last counts: another one', ['text/event-stream', 'text/plain'], false],
  ['also after one with parameters', ['text/event-stream;charset=utf-8', 'text/plain'], false],
  ['none ends it', undefined, false],
  ['an empty one ends it', '', false],
  ['`text/event-stream-x` ends it', 'text/event-stream-x', false],
  ['`x-text/event-stream` ends it', 'x-text/event-stream', false],
  ['`text/event-stream x` ends it', 'text/event-stream x', false, differs('malformed type', opens, 'native')],
  ['`text/plain` ends it', 'text/plain', false],
  ['`text/html` ends it', 'text/html; charset=utf-8', false],
  ['`application/json` ends it', 'application/json', false],
]

const contentTypes = types.map(
  ([name, value, isRight, differences = isRight ? {} : nativeTriesAgain]): Case => ({
    name,
    clause: isRight ? 'content type' : 'fail',
    answers: [{ ...stream(body), headers: { 'content-type': value } }],
    expected: isRight ? opens : fails,
    differences,
  }),
)

export const answering: readonly Group[] = [
  { title: 'Status codes', cases: statuses },
  { title: 'Content types', cases: contentTypes },
]

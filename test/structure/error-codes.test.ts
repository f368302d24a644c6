import { expect, test } from 'vitest'
import { closeCodes, type ErrorCode, RealtimeError } from '../../src/errors.ts'
import { judgeStatus } from '../../src/sse/response.ts'
import { readFiles } from './files.ts'

const guide = 'docs/guides/states-and-errors.md'
const files = readFiles('src/errors.ts', 'src/realtime-client.ts', guide)
const source = (path: string) => files.get(path) ?? ''

/** The cells of every table whose first column has this title. */
function rowsOf(title: string): readonly (readonly string[])[] {
  const tables = [...source(guide).matchAll(new RegExp(`\\n\\| ${title} \\|.*\\n\\|[-| ]+\\n((?:\\|.*\\n)+)`, 'g'))]
  return tables.flatMap(([, rows = '']) =>
    rows
      .trim()
      .split('\n')
      .map((row) => row.split(/(?<!\\)\|/).slice(1, -1))
      .map((cells) => cells.map((cell) => cell.trim())),
  )
}

const bare = (cell: string | undefined) => cell?.replaceAll('`', '')
const numbersIn = (cell: string | undefined) => [...(cell ?? '').matchAll(/\d+/g)].map(([number]) => Number(number))

test('the guide to errors has every code there is, and no other', () => {
  const [, union = ''] = /export type ErrorCode =\n(.*?)\n\n/s.exec(source('src/errors.ts')) ?? []
  const codes = [...union.matchAll(/^ {2}\| '([\w-]+)'$/gm)].map(([, code]) => code)

  expect(codes.length).toBeGreaterThan(10)
  expect(
    rowsOf('code')
      .map(([code]) => bare(code))
      .sort(),
  ).toEqual(codes.sort())
})

test('the guide to errors says of each code whether the client goes on, as the error itself does', () => {
  const rows = rowsOf('code')

  expect(rows.map(([code, goesOn]) => [bare(code), goesOn !== 'no'])).toEqual(
    rows.map(([code]) => [bare(code), new RealtimeError(bare(code) as ErrorCode).retryable]),
  )
})

test('the guide to errors has every state, with its properties', () => {
  const [, union = ''] = /export type ConnectionState =\n(.*?)\n\n/s.exec(source('src/realtime-client.ts')) ?? []
  const states = [...union.matchAll(/\{[^}]*\}/g)].map(([variant]) => {
    const [, status = ''] = /status: '(\w+)'/.exec(variant) ?? []
    const others = [...variant.matchAll(/readonly (\w+\??):/g)].map(([, name = '']) => name)
    return [status, others.filter((name) => name !== 'status').sort()]
  })

  expect(states.length).toBeGreaterThan(3)
  expect(
    rowsOf('status').map(([status, properties]) => [
      bare(status),
      [...(properties ?? '').matchAll(/`(\w+\??)`/g)].map(([, name]) => name).sort(),
    ]),
  ).toEqual(states)
})

test('the guide to errors has every close code that is not simply tried again', () => {
  const listed = rowsOf('close code').flatMap(([codes, becomes]) =>
    numbersIn(codes).map((code) => [`${code}`, bare(becomes)]),
  )

  expect(Object.fromEntries(listed)).toEqual(closeCodes)
})

test('what the guide to errors says of HTTP statuses is what they are judged to be', () => {
  const listed = rowsOf('answer').flatMap(([statuses, becomes]) =>
    numbersIn(statuses).map((status) => [status, bare(becomes)]),
  )

  expect(listed.length).toBeGreaterThan(10)
  expect(listed).toEqual(
    listed.map(([status]) => [status, judgeStatus(new Response(null, { status: Number(status) }), 0).code]),
  )
})

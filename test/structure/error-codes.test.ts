import { expect, test } from 'vitest'
import { readFiles } from './files.ts'

test('the table of errors in README has every code there is, and no other', () => {
  const files = readFiles('src/errors.ts', 'README.md')
  const [, union = ''] = /export type ErrorCode =\n(.*?)\n\n/s.exec(files.get('src/errors.ts') ?? '') ?? []
  const [, table = ''] = /\n\| code \| meaning .*?\n\|[-| ]+\n(.*?)\n\n/s.exec(files.get('README.md') ?? '') ?? []
  const codes = [...union.matchAll(/^ {2}\| '([\w-]+)'$/gm)].map(([, code]) => code)
  const rows = table.split('\n').flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([\w-]+)`/g)])

  expect(codes.length).toBeGreaterThan(10)
  expect(rows.map(([, code]) => code).sort()).toEqual(codes.sort())
})

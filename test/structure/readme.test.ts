import { expect, test } from 'vitest'
import { readFiles } from './files.ts'

const files = readFiles('README.md', 'docs/guides/choosing.md', 'docs/migration/*.md')
const readme = files.get('README.md') ?? ''
const [, table = ''] = /<!-- sizes -->(.*?)<!-- \/sizes -->/s.exec(readme) ?? []
const measured = new Set([...table.matchAll(/[\d.]+ kB/g)].map(([size]) => size))

test('README is read in three minutes', () => {
  expect(readme.split('\n').length).toBeLessThan(200)
})

test('the size that the comparison names is the one that is measured', () => {
  const [, own = ''] = /\n\| minified, gzip² \| ([\d.]+ kB)/.exec(readme) ?? []

  expect([...measured][0]).toBe(own)
})

test('the sizes that guides name are those that are measured', () => {
  const named = [...files]
    .filter(([path]) => path !== 'README.md')
    .flatMap(([path, text]) => [...text.matchAll(/[\d.]+ kB/g)].map(([size]) => `${path}: ${size}`))

  expect(named.length).toBeGreaterThan(3)
  expect(named.filter((line) => !measured.has(line.split(': ')[1] ?? ''))).toEqual([])
})

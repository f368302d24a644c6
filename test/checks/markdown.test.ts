import { expect, test } from 'vitest'
import { findBlocks, findModules } from './markdown.ts'

const fence = '```'

test('a module stands at the lines at which its block stands in the document', () => {
  const markdown = ['# Title', '', `${fence}ts`, 'const a = 1', fence, 'text'].join('\n')

  expect(findModules(markdown)).toEqual([{ language: 'ts', text: '\n\n\nconst a = 1\n' }])
})

test('every block is a module of its own', () => {
  const markdown = [`${fence}ts`, 'a', fence, `${fence}tsx`, 'b', fence].join('\n')

  expect(findModules(markdown).map(({ language, text }) => [language, text.trim()])).toEqual([
    ['ts', 'a'],
    ['tsx', 'b'],
  ])
})

test('a block continues the one before it after the comment that says so', () => {
  const markdown = [`${fence}ts`, 'a', fence, '<!-- continues -->', '', `${fence}ts`, 'b', fence].join('\n')

  expect(findModules(markdown)).toEqual([{ language: 'ts', text: '\na\n\n\n\n\nb\n' }])
})

test('the comment counts only directly before a block', () => {
  const markdown = [`${fence}ts`, 'a', fence, '<!-- continues -->', 'text', `${fence}ts`, 'b', fence].join('\n')

  expect(findModules(markdown)).toHaveLength(2)
})

test('blocks of other languages and blocks inside other fences are left alone', () => {
  const markdown = [
    `${fence}js`,
    'a',
    fence,
    '````md',
    `${fence}ts`,
    'b',
    fence,
    '````',
    `${fence}tsconfig`,
    'c',
    fence,
  ].join('\n')

  expect(findBlocks(markdown)).toEqual([])
})

test('a block in a list loses its indent', () => {
  const markdown = ['- item', '', `  ${fence}ts title="a.ts"`, '  if (a)', '    b()', `  ${fence}`].join('\n')

  expect(findBlocks(markdown)).toEqual([
    { line: 4, language: 'ts', title: 'a.ts', code: ['if (a)', '  b()'], continues: false },
  ])
})

test('a block that is not closed ends with the document', () => {
  expect(findBlocks(`${fence}ts\na`)).toEqual([{ line: 2, language: 'ts', code: ['a'], continues: false }])
})

test('a module has the title of its first block', () => {
  const markdown = [`${fence}ts title="a.ts"`, 'a', fence].join('\n')

  expect(findModules(markdown)).toEqual([{ language: 'ts', title: 'a.ts', text: '\na\n' }])
})

import { expect, test } from 'vitest'
import { readFiles } from './files.ts'
import { judgeRecipes } from './recipes.ts'

/** What the pages on bindings show of the apps that test them. */
const shownOfApps = 'test/everywhere/bindings/*/src/{create-chat,[rR]oom,own-room,OwnRoom}.*'

const fence = '```'
const recipe = 'const a = 1\n\nconst b = 2\n'

function judge(quote: string, recipes: Readonly<Record<string, string>> = { 'docs/recipes/a.ts': recipe }) {
  const document = `text\n\n${fence}ts title="docs/recipes/a.ts"\n${quote}${fence}\n`
  return judgeRecipes(new Map(Object.entries(recipes)), new Map([['docs/a.md', document]]))
}

test('every recipe is quoted in the guides as it stands in its file', () => {
  const recipes = readFiles('docs/recipes/**/*.ts', 'docs/servers/*', 'docs/bindings/*.ts', shownOfApps)

  expect(recipes.size).toBeGreaterThan(0)
  expect(judgeRecipes(recipes, readFiles('README.md', 'docs/**/*.md'))).toEqual([])
})

test('the pages on bindings show nothing but what their apps are built of', () => {
  const pages = [...readFiles('docs/bindings/*.md').values()]
  const openings = pages.flatMap((page) => page.match(/^```.+/gm) ?? [])

  expect(openings.length).toBeGreaterThan(0)
  expect(openings.filter((opening) => !/^```\w+ title="(docs|test\/everywhere)\/bindings\//.test(opening))).toEqual([])
})

test('a quote that is the same has nothing wrong', () => {
  expect(judge(recipe)).toEqual([])
})

test('a quote that differs is found, with its line', () => {
  expect(judge('const a = 1\n\nconst b = 3\n')).toEqual([
    'docs/a.md:4 differs from docs/recipes/a.ts in line 3: const b = 2',
  ])
})

test('a quote that ends too early is found', () => {
  expect(judge('const a = 1\n')).toEqual(['docs/a.md:4 differs from docs/recipes/a.ts in line 2: '])
})

test('a quote that goes on is found', () => {
  expect(judge(`${recipe}const c = 3\n`)).toEqual(['docs/a.md:4 has more lines than docs/recipes/a.ts'])
})

test('a quote of nothing is found', () => {
  expect(judge(recipe, {})).toEqual(['docs/a.md:4 quotes docs/recipes/a.ts, which is not there'])
})

test('a server need not be quoted where it is linked', () => {
  const servers = new Map([['docs/servers/a.go', 'package main\n']])

  expect(judgeRecipes(servers, new Map([['docs/guides/a.md', '[a](../servers/a.go)']]))).toEqual([])
  expect(judgeRecipes(servers, new Map())).toEqual(['docs/servers/a.go is quoted nowhere'])
})

test('a quote in another language is held to its file as well', () => {
  const document = `${fence}nginx title="docs/servers/a.conf"\nlisten 1;\n${fence}\n`

  expect(judgeRecipes(new Map([['docs/servers/a.conf', 'listen 2;\n']]), new Map([['docs/a.md', document]]))).toEqual([
    'docs/a.md:2 differs from docs/servers/a.conf in line 1: listen 2;',
  ])
})

test('a recipe that nobody quotes is found', () => {
  expect(judge(recipe, { 'docs/recipes/a.ts': recipe, 'docs/recipes/b.ts': recipe })).toEqual([
    'docs/recipes/b.ts is quoted nowhere',
  ])
})

test.each([
  ['docs/recipes/a.ts', 30],
  ['docs/recipes/server/a.ts', 40],
])('a recipe %s of more than %i lines is found', (path, limit) => {
  const lines = (count: number) => 'a\n'.repeat(count)
  const document = (count: number) => `${fence}ts title="${path}"\n${lines(count)}${fence}`
  const judgeLength = (count: number) =>
    judgeRecipes(new Map([[path, lines(count)]]), new Map([['docs/a.md', document(count)]]))

  expect(judgeLength(limit)).toEqual([])
  expect(judgeLength(limit + 1)).toEqual([`${path} has more than ${limit} lines`])
})

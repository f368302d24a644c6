import { expect, test } from 'vitest'
import { readFiles } from './files.ts'
import { judgeSource, judgeText } from './prose.ts'

test('no text is unfinished or knows the machine it was written on', () => {
  const texts = readFiles('src/**/*', 'docs/**/*', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md')

  expect(texts.size).toBeGreaterThan(0)
  expect([...texts].flatMap(([path, text]) => judgeText(path, text))).toEqual([])
})

test('no source uses the console, or touches its host when it is imported, but the file whose purpose is a global', () => {
  const sources = readFiles('src/**/*.ts')

  expect(sources.size).toBeGreaterThan(0)
  expect([...sources].flatMap(([path, source]) => judgeSource(path, source))).toEqual([
    expect.stringMatching(/^src\/global\.ts:\d+ touches globalThis when/),
  ])
})

test.each([
  '// TODO: the rest',
  '<!-- FIXME -->',
  'see /work/main/src',
  '"/home/ann/holdfast"',
  'file:///root/holdfast',
])('found in a text: %s', (line) => {
  expect(judgeText('docs/a.md', `fine\n${line}`)).toEqual([expect.stringMatching(/^docs\/a\.md:2 /)])
})

test.each(['https://example.com/home/page', './work/tree', 'homework', 'a to-do list'])(
  'fine in a text: %s',
  (line) => {
    expect(judgeText('docs/a.md', line)).toEqual([])
  },
)

test.each([
  ['window', "window.addEventListener('online', retry)"],
  ['document', 'const page = document'],
  ['navigator', 'export const online = navigator.onLine'],
  ['localStorage', 'if (localStorage) remember()\nfunction remember() {}'],
  ['location', 'const base = new URL(location.href).origin'],
  ['globalThis', "export const hasWindow = 'window' in globalThis"],
  ['self', 'export const scope = typeof self'],
  ['setTimeout', 'export const defaults = { setTimeout }'],
  ['WebSocket', 'export const states = [WebSocket.OPEN]'],
  ['Date', 'const loaded = Date.now()'],
  ['TransformStream', 'export class Decoder extends TransformStream {}'],
  ['crypto', 'class Ids { static first = crypto.randomUUID() }'],
  ['process', 'const dev = (() => process.env.DEV)()'],
  ['performance', 'const times = [1].map(() => performance.now())'],
  ['fetch', 'const { a = fetch } = {}'],
])('a module that touches %s when it is imported is found', (name, source) => {
  expect(judgeSource('src/a.ts', source)).toContainEqual(expect.stringMatching(`^src/a\\.ts:\\d touches ${name} when`))
})

test.each([
  'export const now = () => Date.now()',
  'export function page() { return document }',
  'const wrapped = { set: (f: () => void, ms: number) => setTimeout(f, ms), get document() { return window.document } }',
  'export class Clock { at = performance.now(); read() { return this.at } }',
  'export const brand = Symbol.for("holdfast"), table = Object.freeze({ window: 1 }), seen = new Map<string, Window>()',
  'import type { Frame } from "./transport.ts"\nimport { json } from "./json.ts"\nexport const codec = json() as typeof window & Frame',
  'export interface Host { readonly document: Document }\nexport type Scope = typeof globalThis',
  'class Local {}\nexport const locals = [Local]\nexport { Local as document }',
])('fine in a module: %s', (source) => {
  expect(judgeSource('src/a.ts', source)).toEqual([])
})

test('a use of the console is found inside a function, and not in a comment', () => {
  const source = '/** `console.log` */\nfunction a() {\n  console.warn(1)\n}'

  expect(judgeSource('src/a.ts', source)).toEqual(['src/a.ts:3 uses the console'])
})

/** The docs site, as far as it is made by pure functions of this project: pages, links, navigation. */
import { expect, test } from 'vitest'
import { findDeadLinks } from '../../site/links.ts'
import { makeSidebar } from '../../site/sidebar.ts'
import { slugOf } from '../../site/slug.ts'
import { stage } from '../../site/stage.ts'

const fence = '```'

/** The page of a guide, with what else there is in the repository. */
function stageGuide(guide: string, others: Readonly<Record<string, string>> = {}) {
  const { pages, problems } = stage(new Map(Object.entries({ 'docs/guides/a.md': guide, ...others })))
  return { page: pages.get('guides/a.md'), pages, problems }
}

test('a link to another document leads to its page', () => {
  const { page, problems } = stageGuide('[b](../design.md#why) [r](../../README.md)', {
    'docs/design.md': '# D',
    'README.md': '# R\n\nT.\n\nRest.',
  })

  expect(page).toBe('[b](../design.md#why) [r](../index.md)')
  expect(problems).toEqual([])
})

test('a link to a source leads to a page that shows it', () => {
  const { page, pages } = stageGuide('[`t`](../../src/t.ts)', { 'src/t.ts': 'export const t = 1\n' })

  expect(page).toBe('[`t`](../source/src/t.ts.md)')
  expect(pages.get('source/src/t.ts.md')).toContain('export const t = 1')
})

test('a link to the folder of recipes leads to their list, which says what each does', () => {
  const { page, pages } = stageGuide('[all](../recipes)', {
    'docs/recipes/say.ts': '/** Says it.\n * Twice. */\nexport function say() {}\n',
  })

  expect(page).toBe('[all](../recipes/index.md)')
  expect(pages.get('recipes/index.md')).toContain('[`say.ts`](./say.ts.md): Says it.')
})

test.each(['./missing.md', '../../src/missing.ts'])('a link to %s, which is not there, is a problem', (target) => {
  expect(stageGuide(`[x](${target})`).problems).toEqual([`docs/guides/a.md links ${target}, which is not there`])
})

test('a block that quotes a file has a link to it above', () => {
  const guide = `${fence}ts title="docs/recipes/a.ts"\ncode\n${fence}\n`

  expect(stageGuide(guide, { 'docs/recipes/a.ts': 'code\n' }).page).toBe(
    `[docs/recipes/a.ts](../recipes/a.ts.md){.file}\n\n${guide}`,
  )
})

test.each([
  ['code', '`[x](./missing.md)`'],
  ['a block', `${fence}md\n[x](./missing.md)\n${fence}`],
  ['an address', '[x](https://example.com/missing.md)'],
])('what looks like a link in %s stays', (_, guide) => {
  expect(stageGuide(guide)).toMatchObject({ page: guide, problems: [] })
})

test('an anchor that is not there is found, and so is a page', () => {
  const pages = new Map([
    [
      'a.html',
      '<h2 id="there">x</h2> <a href="/b.html#there">x</a> <a href="#there">x</a> <a href="https://c.d/">x</a>',
    ],
    ['b.html', '<a class="c" href="./a.html#gone">x</a> <a href="/c">x</a> <img src="/i.png">'],
  ])

  expect(findDeadLinks(pages, new Set(['i.png']))).toEqual([
    'a.html → /b.html#there',
    'b.html → ./a.html#gone',
    'b.html → /c',
  ])
})

test.each([
  ['States and errors', 'states-and-errors'],
  ['`retry`: what it does', 'retry-what-it-does'],
  ['TR  The contract (one suite)', 'tr--the-contract-one-suite'],
  ['What is “silent”?', 'what-is-silent'],
])('the anchor of "%s" is the repository’s', (heading, slug) => {
  expect(slugOf(heading)).toBe(slug)
})

test('the navigation has every guide and binding, those nobody has named at the end', () => {
  const pages = new Map([
    ['index.md', '# holdfast'],
    ['guides/quick-start.md', '# Quick start'],
    ['guides/zebra.md', '# Zebra'],
    ['guides/choosing.md', '# Choosing'],
    ['bindings/vue.md', '# Vue'],
    ['bindings/react.md', '# React'],
    ['reference/holdfast/functions/createClient.md', '# x'],
    ['reference/holdfast/sse/functions/readEvents.md', '# x'],
  ])
  const texts = makeSidebar(pages).map(({ text, items }) => [text, items?.map((item) => item.text)])

  expect(texts).toEqual([
    ['Start', ['Overview', 'Quick start']],
    ['Guides', ['Choosing', 'Zebra']],
    ['Bindings', ['React', 'Vue']],
    ['Reference', ['holdfast', 'holdfast/sse']],
  ])
})

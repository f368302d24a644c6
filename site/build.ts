/**
 * `npm run docs`: builds the site from README.md, docs/ and the docstrings of the built package, and checks it. Needs `npm run
 * build` before it and no network. The result is plain files in site/dist, for any web server, at the root of a host.
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build } from 'vitepress'
import { findDeadLinks } from './links.ts'
import { writeReference } from './reference.ts'
import { stage } from './stage.ts'

const root = join(import.meta.dirname, '..')
/** What VitePress reads; `.vitepress/config.ts` knows the same two folders. */
const staged = join(root, '.tmp', 'site')
const built = join(root, 'site', 'dist')
const problems: string[] = []

const ignored = ['**/node_modules/**', '**/dist/**', '**/.tmp/**', '**/.git/**']
const files = readAll(root, globSync('**/*', { cwd: root, exclude: ignored }).filter(isText))

rmSync(staged, { recursive: true, force: true })
const { pages, problems: links } = stage(files)
problems.push(...links)
for (const [path, text] of pages) write(join(staged, path), text)
problems.push(...(await writeReference(root, join(staged, 'reference'))))

// A dead link between pages ends the build with an error of its own.
await build(join(root, 'site'))
const html = globSync('**/*', { cwd: built })
const others = new Set(html.filter((path) => !path.endsWith('.html')))
problems.push(
  ...findDeadLinks(
    readAll(
      built,
      html.filter((path) => path.endsWith('.html')),
    ),
    others,
  ),
)

for (const problem of problems) console.error(problem)
console.log(`${html.length - others.size} pages in ${relative(root, built)}, ${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0

function isText(path: string): boolean {
  return /\.(?:ts|tsx|mts|js|jsx|mjs|md|json|html|css|vue|svelte|py|go|conf|cfg|txt|sh|yml)$|(?:^|\/)(?:LICENSE|Caddyfile)$/.test(
    path,
  )
}

function readAll(folder: string, paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    [...paths].sort().map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]),
  )
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

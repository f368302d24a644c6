/**
 * Makes the site's pages of the repository's documents: a document becomes a page, what else a link leads to becomes a page that
 * shows it. So a link that is relative to its file works in both places. Pure functions over texts.
 */
import { posix } from 'node:path'

/** Path from the root of the repository → text. */
export type Files = ReadonlyMap<string, string>

export interface Staged {
  /** Path from the root of the site → text. */
  readonly pages: ReadonlyMap<string, string>
  /** One sentence for each link that leads nowhere. */
  readonly problems: readonly string[]
}

const rootDocuments: Readonly<Record<string, string>> = {
  'README.md': 'index.md',
  'CHANGELOG.md': 'changelog.md',
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'security.md',
}

/** By the file's ending, where the highlighter has another name for it. */
const languages: Readonly<Record<string, string>> = { mjs: 'js', conf: 'nginx', cfg: 'text', txt: 'text' }

/** Where a document stands on the site; `undefined` for what is none. */
export function pageOf(path: string): string | undefined {
  return rootDocuments[path] ?? (/^docs\/.*\.md$/.test(path) ? path.slice('docs/'.length) : undefined)
}

/** The pages of all documents and recipes, and of every file or folder that one of them links. */
export function stage(files: Files): Staged {
  const pages = new Map<string, string>()
  const problems: string[] = []
  const recipes = [...files.keys()].filter((path) => /^docs\/recipes\/.*\.\w+$/.test(path))
  const wanted = new Set(recipes)

  for (const [path, text] of files) {
    const page = pageOf(path)
    if (page === undefined) continue

    const link = (target: string): string | undefined => {
      const [file = '', hash] = target.split('#')
      const resolved = file.startsWith('/') ? file.slice(1) : file === '' ? path : beside(path, file)
      const there = pageOf(resolved) ?? sourcePageOf(resolved, files)
      if (there === undefined || (pageOf(resolved) !== undefined && !files.has(resolved))) {
        problems.push(`${path} links ${target}, which is not there`)
        return undefined
      }
      if (pageOf(resolved) === undefined) wanted.add(resolved)
      const relative = file === '' ? '' : posix.relative(posix.dirname(page), there)
      return `${/^[./]|^$/.test(relative) ? '' : './'}${relative}${hash === undefined ? '' : `#${hash}`}`
    }
    pages.set(page, page === 'index.md' ? asHome(rewriteLinks(text, link)) : rewriteLinks(text, link))
  }

  pages.set('recipes/index.md', describeFolder('docs/recipes', files, 'Recipes'))
  for (const path of wanted) {
    const page = sourcePageOf(path, files)
    const text = files.get(path)
    if (page === undefined || pages.has(page)) continue
    pages.set(page, text === undefined ? describeFolder(path, files, path) : describeFile(path, text))
  }
  return { pages, problems }
}

function beside(path: string, file: string): string {
  return posix.join(posix.dirname(path), file).replace(/\/$/, '')
}

/** Rewrites the relative links of prose, those around images included, and puts a link over every block that quotes a file. */
export function rewriteLinks(markdown: string, link: (target: string) => string | undefined): string {
  let fence = ''
  return markdown
    .split('\n')
    .map((line) => {
      const [, indent = '', mark, quoted] = /^(\s*)(`{3,}|~{3,})(?:.* title="([^"]*)")?/.exec(line) ?? []
      if (mark !== undefined) {
        const opens = fence === ''
        if (opens) fence = mark
        else if (line.trim() === fence) fence = ''
        const file = opens && quoted !== undefined ? link(`/${quoted}`) : undefined
        return file === undefined ? line : `${indent}[${quoted}](${file}){.file}\n\n${line}`
      }
      return fence === '' ? rewriteLine(line, link) : line
    })
    .join('\n')
}

function rewriteLine(line: string, link: (target: string) => string | undefined): string {
  const isRelative = (target: string) => !/^(?:[a-z]+:|\/)/.test(target)
  return line.replace(/`[^`]*`|(\]\()([^)\s]+)(?=\))/g, (whole, open: string | undefined, target: string) => {
    const there = open !== undefined && isRelative(target) ? link(target) : undefined
    return there === undefined ? whole : `${open}${there}`
  })
}

/** The page of a file or a folder that is no document. */
function sourcePageOf(path: string, files: Files): string | undefined {
  if (path === 'docs/recipes') return 'recipes/index.md'
  if (path.startsWith('docs/recipes/') && files.has(path)) return `${path.slice('docs/'.length)}.md`
  // VitePress would take `.html` in a link for the ending of a page.
  if (files.has(path)) return `source/${path.replace(/\.html$/, '-html')}.md`
  const isFolder = [...files.keys()].some((file) => file.startsWith(`${path}/`))
  return isFolder ? `source/${path}/index.md` : undefined
}

function describeFile(path: string, text: string): string {
  const ending = posix.extname(path).slice(1)
  const language = languages[ending] ?? (ending || 'text')
  return `# ${posix.basename(path)}\n\n\`${path}\`\n\n\`\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\`\n`
}

function describeFolder(path: string, files: Files, title: string): string {
  const inside = [...files.keys()].filter((file) => file.startsWith(`${path}/`) && pageOf(file) === undefined)
  const here = sourcePageOf(path, files) ?? ''
  const rows = inside.map((file) => {
    const to = posix.relative(posix.dirname(here), sourcePageOf(file, files) ?? '')
    return `- [\`${file.slice(path.length + 1)}\`](./${to})${summaryOf(files.get(file) ?? '')}`
  })
  return `# ${title}\n\n${rows.join('\n')}\n`
}

/** The first sentence of what is said of the main export, or at the head of the file. */
function summaryOf(text: string): string {
  const [, comment = ''] =
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:async )?(?:function|const|class)/.exec(text) ??
    /^\/\*\*((?:(?!\*\/)[\s\S])*)\*\//.exec(text) ??
    /^"""([\s\S]*?)"""/.exec(text) ??
    /^(?:\/\/|#(?!!))\s*(.*)/.exec(text) ??
    /^test\('(.*)',/m.exec(text) ??
    []
  const [sentence = ''] = comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*/, '').trim())
    .join(' ')
    .trim()
    .split(/(?<=[.:])\s/)
  return sentence === '' ? '' : `: ${sentence.replace(/:$/, '.').replaceAll('<', '&lt;')}`
}

/** README as the first page: its title and first paragraph are in the hero. */
function asHome(readme: string): string {
  const [, tagline = '', rest = ''] = /^# .*\n\n([\s\S]*?)\n\n([\s\S]*)$/.exec(readme) ?? []
  const hero = [
    '---',
    'layout: home',
    'hero:',
    '  name: holdfast',
    `  tagline: ${JSON.stringify(tagline.replaceAll('\n', ' '))}`,
    '  actions:',
    '    - { theme: brand, text: Quick start, link: ./guides/quick-start }',
    '    - { theme: alt, text: Which transport, link: ./guides/choosing }',
    '    - { theme: alt, text: Reference, link: ./reference/ }',
    '---',
  ]
  return `${hero.join('\n')}\n\n${rest}`
}

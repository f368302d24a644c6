/** The site's navigation, read off its pages. A pure function. */

export interface SidebarItem {
  readonly text: string
  readonly link?: string
  readonly collapsed?: boolean
  readonly items?: readonly SidebarItem[]
}

/** What a newcomer reads first; a guide that is not named here follows by its title. */
const guideOrder = [
  'choosing',
  'client',
  'messages',
  'states-and-errors',
  'staying-connected',
  'credentials',
  'resume',
  'streams',
  'upstream',
  'backpressure',
  'cross-tab',
  'fallback',
  'testing',
  'writing-a-transport',
  'servers',
]

const projectPages = [
  'performance.md',
  'reliability.md',
  'conformance.md',
  'behavior.md',
  'design.md',
  'changelog.md',
  'contributing.md',
  'security.md',
]

/** `pages`: path from the root of the site → Markdown. */
export function makeSidebar(pages: ReadonlyMap<string, string>): readonly SidebarItem[] {
  const item = (path: string): SidebarItem => ({ text: titleOf(path, pages.get(path) ?? ''), link: linkOf(path) })
  const within = (folder: string) => [...pages.keys()].filter((path) => new RegExp(`^${folder}/[^/]+\\.md$`).test(path))
  const byTitle = (a: SidebarItem, b: SidebarItem) => a.text.localeCompare(b.text)

  const rank = (path: string) => (guideOrder.indexOf(nameOf(path)) + 1 || guideOrder.length + 1) * 1000
  const guides = within('guides')
    .filter((path) => nameOf(path) !== 'quick-start')
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))

  const sections: readonly (SidebarItem | undefined)[] = [
    group('Start', [{ text: 'Overview', link: '/' }, ...within('guides').filter(isStart).map(item)]),
    group('Guides', guides.map(item)),
    group('Bindings', within('bindings').map(item).sort(byTitle)),
    group('Coming from', within('migration').map(item).sort(byTitle)),
    group('Recipes', pages.has('recipes/index.md') ? [{ text: 'All recipes', link: '/recipes/' }] : []),
    group('Reference', makeReference(pages)),
    group('Project', projectPages.filter((path) => pages.has(path)).map(item)),
  ]
  return sections.filter((section) => section !== undefined)
}

function isStart(path: string): boolean {
  return nameOf(path) === 'quick-start'
}

/** One item for each entry of the package, with its functions and classes before its types. */
function makeReference(pages: ReadonlyMap<string, string>): readonly SidebarItem[] {
  const kinds = ['functions', 'classes', 'variables', 'interfaces', 'type-aliases']
  const entries = new Map<string, string[]>()
  for (const path of pages.keys()) {
    const [, entry, kind] = /^reference\/(.+)\/([\w-]+)\/[^/]+\.md$/.exec(path) ?? []
    if (entry === undefined || kind === undefined) continue
    entries.set(entry, [...(entries.get(entry) ?? []), path])
  }

  const kindOf = (path: string) => kinds.indexOf(path.split('/').at(-2) ?? '')
  return [...entries].sort().map(([entry, paths]) => ({
    text: entry,
    link: `/reference/${entry}/`,
    collapsed: true,
    items: paths
      .sort((a, b) => kindOf(a) - kindOf(b) || a.localeCompare(b))
      .map((path) => ({ text: nameOf(path), link: linkOf(path) })),
  }))
}

function group(text: string, items: readonly SidebarItem[]): SidebarItem | undefined {
  return items.length === 0 ? undefined : { text, collapsed: false, items }
}

function nameOf(path: string): string {
  return (path.split('/').at(-1) ?? '').replace(/\.md$/, '')
}

function linkOf(path: string): string {
  return `/${path.replace(/\.md$/, '').replace(/(^|\/)index$/, '$1')}`
}

function titleOf(path: string, markdown: string): string {
  const [, title] = /^# (.+)$/m.exec(markdown) ?? []
  return title ?? nameOf(path)
}

/** Finds links of built pages that lead nowhere: VitePress checks pages, this one checks anchors and files as well. Pure. */
import { posix } from 'node:path'

/** `pages`: path → HTML; `others`: paths of every other file of the site. */
export function findDeadLinks(pages: ReadonlyMap<string, string>, others: ReadonlySet<string>): readonly string[] {
  const anchors = new Map([...pages].map(([path, html]) => [path, findAnchors(html)]))
  const dead = new Set<string>()

  for (const [path, html] of pages) {
    for (const target of findTargets(html)) {
      const [file = '', hash = ''] = decodeURIComponent(target).split('#')
      const there = file === '' ? path : resolvePage(path, file.split('?')[0] ?? '')
      const known = anchors.get(there)
      if (known === undefined ? !others.has(there) : hash !== '' && !known.has(hash)) dead.add(`${path} → ${target}`)
    }
  }
  return [...dead]
}

function findAnchors(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => decode(id ?? '')))
}

/** What the page leads to on its own site. */
function findTargets(html: string): readonly string[] {
  return [...html.matchAll(/<(?:a|link|script|img)\s[^>]*?(?:href|src)="([^"]*)"/g)]
    .map(([, target]) => decode(target ?? ''))
    .filter((target) => target !== '' && !/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(target))
}

function resolvePage(from: string, target: string): string {
  const path = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(from), target)
  const file = path === '.' ? '' : path.replace(/^\.\//, '')
  return file === '' || file.endsWith('/') ? `${file}index.html` : posix.extname(file) === '' ? `${file}.html` : file
}

function decode(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'")
}

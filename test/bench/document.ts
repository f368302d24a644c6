/** docs/performance.md, where what was measured stands between two marks for each part. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../checks/command.ts'

const name = 'docs/performance.md'
const path = join(root, name)

export function writeDocument(parts: Readonly<Record<string, string>>): void {
  let text = readFileSync(path, 'utf8')
  for (const [part, content] of Object.entries(parts)) {
    const opening = `<!-- ${part} -->`
    const closing = `<!-- /${part} -->`
    const from = text.indexOf(opening)
    const to = text.indexOf(closing)
    if (from === -1 || to < from) throw new Error(`${name}: write the lines ${opening} and ${closing} where it belongs`)
    text = `${text.slice(0, from)}${opening}\n\n${content}\n\n${text.slice(to)}`
  }
  writeFileSync(path, text)
}

/** Which version of each was measured, in one line. */
export function formatVersions(packages: readonly string[]): string {
  const versions = packages.map((name) => {
    const manifest = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')
    return `${name} ${JSON.parse(manifest).version}`
  })
  return `Measured: ${versions.join(', ')}.`
}

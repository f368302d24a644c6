/**
 * `npm run reliability`: how holdfast and three others behave when the network does not, and what `fallback` makes of networks that
 * block WebSockets, measured in virtual time. Prints the tables, and fails where those in docs/reliability.md say something else.
 * `npm run reliability -- --write` puts the measured ones there.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../checks/command.ts'
import { crowding } from './crowding.ts'
import { dialing } from './dialing.ts'
import { measureFallback } from './falling-back.ts'
import { keeping } from './keeping.ts'
import { loadLibraries } from './libraries.ts'
import { providing } from './providing.ts'
import { formatTable, formatVersions, type Row } from './table.ts'
import { openPage } from './virtual-page.ts'

const path = join(root, 'docs', 'reliability.md')

// What a library throws into a task, or rejects and forgets, a page prints and lives on. So does this.
const unhandled = new Set<string>()
let measuring = ''
process.on('unhandledRejection', (error) => unhandled.add(`${measuring} leaves to the page: ${error}`))

openPage(1)
const libraries = await loadLibraries()
const rows: Row[] = []
for (const { name, measures, run } of [...dialing, ...providing, ...keeping, ...crowding]) {
  const columns: (readonly string[])[] = []
  for (const library of libraries) {
    measuring = library.name
    columns.push(await run(library))
  }
  rows.push(
    ...measures.map((measure, index) => ({
      scenario: name,
      measure,
      cells: columns.map((cells) => cells[index] ?? ''),
    })),
  )
}

measuring = 'holdfast'
const measured: Readonly<Record<string, string>> = {
  measured: `${formatTable(libraries, rows)}\n\n${formatVersions(libraries)}`,
  fallback: await measureFallback(),
}
console.log([...Object.values(measured), ...unhandled].join('\n'))
for (const line of unhandled) if (line.startsWith('holdfast ')) fail(line)
compareDocument()

function compareDocument(): void {
  const text = readFileSync(path, 'utf8')
  let updated = text
  for (const [name, table] of Object.entries(measured)) {
    const opening = `<!-- ${name} -->`
    const closing = `<!-- /${name} -->`
    const from = updated.indexOf(opening)
    const to = updated.indexOf(closing)
    if (from === -1 || to < from)
      return fail(`docs/reliability.md: write the lines ${opening} and ${closing} where the table belongs`)

    updated = `${updated.slice(0, from)}${opening}\n\n${table}\n\n${updated.slice(to)}`
  }
  if (updated === text) return
  if (process.argv.includes('--write')) return writeFileSync(path, updated)
  fail('docs/reliability.md: the tables are not what was measured; run: npm run reliability -- --write')
}

function fail(line: string): void {
  console.error(line)
  process.exitCode = 1
}

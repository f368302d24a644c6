/**
 * `npm run conformance`: the cases of the HTML standard for server-sent events, run against one real server by `fetchStream`
 * in Node and in Chromium and by `eventSource` in Chromium. Prints the tables, and fails where a client does what nobody
 * expected or where docs/conformance.md says something else. `npm run conformance -- --write` puts the tables there.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from '../browser/chromium.ts'
import { missingChromium } from '../checks/check.ts'
import { root } from '../checks/command.ts'
import type { Column, Group } from './case.ts'
import { answering } from './cases/answers.ts'
import { crossing } from './cases/crossing.ts'
import { decoding } from './cases/decoding.ts'
import { parsing } from './cases/parsing.ts'
import { reconnecting } from './cases/reconnecting.ts'
import { requesting } from './cases/requesting.ts'
import { resuming } from './cases/resuming.ts'
import { type Host, launchChromium, openNode, openPage } from './hosts.ts'
import type { Verdict } from './judge.ts'
import { reasons } from './reasons.ts'
import { runCases } from './run-cases.ts'
import { startScriptedServer } from './scripted-server.ts'
import { formatDocument } from './table.ts'

const opening = '<!-- measured -->'
const closing = '<!-- /measured -->'
const path = join(root, 'docs', 'conformance.md')
/** The most problems to print: one fault may show in every case. */
const mostProblems = 30
const groups: readonly Group[] = [
  ...parsing,
  ...decoding,
  ...answering,
  ...requesting,
  ...crossing,
  ...reconnecting,
  ...resuming,
]

const server = await startScriptedServer()
const executable = findChromium()
const browser = executable === undefined ? undefined : await launchChromium(executable)
const pages = browser && [openPage(browser, 'page', server.origin), openPage(browser, 'native', server.origin)]
const hosts: readonly Host[] = await Promise.all([openNode(), ...(pages ?? [])])

const verdicts = new Map(groups.flatMap(({ cases }) => cases.map((one) => [one, {}] as const)))
const problems: string[] = []
await Promise.all(
  hosts.map((host) =>
    runCases(host, server, [...verdicts.keys()], (one, verdict) => {
      const row: Partial<Record<Column, Verdict>> = verdicts.get(one) ?? {}
      row[host.column] = verdict
      if (verdict.is !== 'unexpected') return
      problems.push(...verdict.problems.map((problem) => `${host.column}, ${one.clause}: ${one.name}: ${problem}`))
    }),
  ),
)
await browser?.close()
server.close()

const measured = formatDocument(groups, verdicts)
console.log(`${measured}\n\nMeasured in ${hosts.map(({ platform }) => platform).join(', ')}.`)
for (const problem of problems.slice(0, mostProblems)) fail(problem)
if (problems.length > mostProblems) fail(`and ${problems.length - mostProblems} more`)
judgeReasons()
if (browser) compareDocument()
else {
  console.error(missingChromium('conformance'))
  if (process.env.CI === 'true') fail('Without Chromium two of three columns were not run.')
}

/** Every rule that a reason names has to exist. */
function judgeReasons(): void {
  const behavior = readFileSync(join(root, 'docs', 'behavior.md'), 'utf8')
  for (const [rule] of Object.values(reasons)) {
    if (rule !== 'Chromium' && !behavior.includes(`- **${rule}** `)) fail(`${rule} is no rule of docs/behavior.md`)
  }
}

function compareDocument(): void {
  const text = readFileSync(path, 'utf8')
  const from = text.indexOf(opening)
  const to = text.indexOf(closing)
  if (from === -1 || to < from)
    return fail(`docs/conformance.md: write the lines ${opening} and ${closing} where the tables belong`)

  const updated = `${text.slice(0, from)}${opening}\n\n${measured}\n\n${text.slice(to)}`
  if (updated === text) return
  if (process.argv.includes('--write')) return writeFileSync(path, updated)
  fail('docs/conformance.md: the tables are not what was measured; run: npm run conformance -- --write')
}

function fail(line: string): void {
  console.error(line)
  process.exitCode = 1
}

/**
 * `npm test`: runs every check, goes on after a failure, and ends with one line, `N passed, N failed`.
 * `npm test -- unit lint` runs only those two; `npm test -- types` runs every check named `types:…`.
 * With `--everywhere` as the first argument it does the same with the checks of `npm run test:everywhere`.
 */
import { everywhere, stages } from './checks/all.ts'
import type { Check, Outcome } from './checks/check.ts'
import { endCommands } from './checks/command.ts'

const args = process.argv.slice(2)
const isEverywhere = args[0] === '--everywhere'
const chosen = isEverywhere ? everywhere : stages
const named = isEverywhere ? args.slice(1) : args

/** As many checks at once as the smallest machine that runs them has processors. */
const width = 2

const started = performance.now()
const outcomes: Outcome[] = []
const durations = new Map<string, number>()
let interrupted = false

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true
    endCommands()
  })
}

try {
  for (const stage of selectChecks(named)) await runStage(stage)
  if (interrupted) addFailure('interrupted')
} catch (error) {
  addFailure(String(error))
}
printSummary()

/** The stages with only the named checks left in them; with all checks where none is named. */
function selectChecks(names: readonly string[]): readonly (readonly Check[])[] {
  const isNamed = (check: Check, name: string) => check.name === name || check.name.startsWith(`${name}:`)
  const all = chosen.flat()
  const unknown = names.filter((name) => !all.some((check) => isNamed(check, name)))
  if (unknown.length > 0) {
    throw new Error(`no check is called ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}`)
  }

  return chosen.map((stage) =>
    stage.filter((check) => names.length === 0 || names.some((name) => isNamed(check, name))),
  )
}

async function runStage(stage: readonly Check[]): Promise<void> {
  const waiting = [...stage]
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined && !interrupted; check = waiting.shift())
      await runCheck(check)
  }
  await Promise.all(Array.from({ length: width }, work))
}

async function runCheck(check: Check): Promise<void> {
  if (check.live) console.log(`\n── ${check.name}`)

  const begun = performance.now()
  const outcome = await check.run()
  const duration = performance.now() - begun

  outcomes.push(outcome)
  durations.set(check.name, duration)
  const proven = check.proves === undefined ? '' : `  ${check.proves}`
  console.log(`── ${check.name}: ${describe(outcome)}, ${seconds(duration)}${proven}`)
  if (outcome.failed.length > 0 || outcome.skipped.length > 0 || check.informative)
    console.log(outcome.output.trimEnd())
}

/** For what went wrong outside every check. */
function addFailure(line: string): void {
  outcomes.push({ passed: 0, failed: [line], skipped: [], output: '' })
}

function describe({ passed, failed, skipped }: Outcome): string {
  const parts = [`${passed} passed`]
  if (failed.length > 0) parts.push(`${failed.length} FAILED`)
  if (skipped.length > 0) parts.push(`${skipped.length} skipped`)
  return parts.join(', ')
}

function printSummary(): void {
  const skipped = outcomes.flatMap((outcome) => outcome.skipped)
  const failed = outcomes.flatMap((outcome) => outcome.failed)
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)

  printList('skipped', skipped)
  printList('failed', failed)
  const unit = durations.get('unit')
  console.log(
    `\n── ${seconds(performance.now() - started)} in all${unit === undefined ? '' : `, unit ${seconds(unit)}`}`,
  )
  console.log(`${passed} passed, ${failed.length} failed`)
  if (failed.length > 0) process.exitCode = 1
}

function printList(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log(`\n── ${lines.length} ${title}\n${lines.map((line) => `   ${line}`).join('\n')}`)
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}

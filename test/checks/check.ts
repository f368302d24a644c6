/** What `npm test` runs: a check has a name and an outcome, and most are one command line. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from '../browser/chromium.ts'
import { root, runNode } from './command.ts'
import type { VitestReport } from './vitest-report.ts'
import { reportVariable } from './vitest-report.ts'

export interface Outcome {
  readonly passed: number
  /** One line for each thing that failed. */
  readonly failed: readonly string[]
  /** One line, with its reason, for each thing that was not run. */
  readonly skipped: readonly string[]
  /** What there is to print after the run: nothing of what was printed while it ran. */
  readonly output: string
}

export interface Check {
  readonly name: string
  /** Prints while it runs, so nothing else may run beside it. */
  readonly live: boolean
  /** Its output is worth reading when it passes, too. */
  readonly informative: boolean
  /** The rule that it proves, as in a test's name. */
  readonly proves?: string | undefined
  run(): Promise<Outcome>
}

export interface CommandCheckOptions {
  readonly env?: NodeJS.ProcessEnv | undefined
  readonly informative?: boolean | undefined
  readonly proves?: string | undefined
}

/** A check that is one command, run by this Node, and counts as one. */
export function commandCheck(name: string, args: readonly string[], options: CommandCheckOptions = {}): Check {
  return {
    name,
    live: false,
    informative: options.informative ?? false,
    proves: options.proves,
    async run() {
      const { ok, output } = await runNode(args, { env: options.env })
      return ok ? { passed: 1, failed: [], skipped: [], output } : { passed: 0, failed: [name], skipped: [], output }
    },
  }
}

/**
 * A check that is a vitest project and counts as many as it has tests. Files run beside each other where there are several `workers`;
 * `args` are further arguments for vitest, such as the files to run.
 */
export function vitestCheck(project: string, workers = 1, args: readonly string[] = []): Check {
  return { name: project, live: true, informative: false, run: () => runProject(project, workers, args) }
}

/** A vitest project that has to have a Chromium. */
export function chromiumCheck(project: string, workers = 1): Check {
  return needsChromium(vitestCheck(project, workers))
}

/** A check that has to have a Chromium. Without one it is skipped, loudly, and failed where `CI` is `true`. */
export function needsChromium(check: Check): Check {
  return {
    ...check,
    async run() {
      if (findChromium() !== undefined) return check.run()

      const line = `${check.name}: no Chromium was found`
      const strict = process.env.CI === 'true'
      return {
        passed: 0,
        failed: strict ? [line] : [],
        skipped: strict ? [] : [line],
        output: missingChromium(check.name),
      }
    },
  }
}

async function runProject(project: string, workers: number, args: readonly string[]): Promise<Outcome> {
  const path = join(root, '.tmp', 'vitest', `${project}.json`)
  rmSync(path, { force: true })
  const reporters = ['--reporter=default', '--reporter=./test/checks/vitest-report.ts']
  const { ok, output } = await runNode(
    ['node_modules/.bin/vitest', 'run', '--project', project, `--maxWorkers=${workers}`, ...reporters, ...args],
    { env: { [reportVariable]: path }, live: true },
  )

  if (!existsSync(path)) return { passed: 0, failed: [`${project}: ended before it reported`], skipped: [], output }

  const report: VitestReport = JSON.parse(readFileSync(path, 'utf8'))
  const failed = report.failed.map((line) => `${project}: ${line}`)
  if (report.passed + failed.length + report.skipped.length === 0) failed.push(`${project}: there is no test`)
  if (!ok && failed.length === 0) failed.push(`${project}: vitest failed, though no test did`)
  return { passed: report.passed, failed, skipped: report.skipped.map((line) => `${project}: ${line}`), output }
}

/** What to print where a check needs a Chromium and none was found. */
export function missingChromium(name: string): string {
  return [
    '!'.repeat(80),
    `!!  NOT RUN: "${name}" needs Chromium, and none was found.`,
    '!!  Install one of these, and run again:',
    '!!      apt-get install -y --no-install-recommends chromium',
    '!!      npx playwright-core install --with-deps chromium',
    '!!  or name one that is installed: CHROMIUM=/path/to/chromium npm test',
    '!!  With CI=true this is a failure.',
    '!'.repeat(80),
    '',
  ].join('\n')
}

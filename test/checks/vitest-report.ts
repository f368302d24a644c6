/**
 * A vitest reporter that counts. Vitest's own JSON report has neither the reasons of skipped tests nor failed hooks,
 * so a suite whose `beforeAll` throws would look like a suite of skipped tests.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node'

/** The variable that says where to write: vitest gives a reporter named on the command line no options. */
export const reportVariable = 'HOLDFAST_VITEST_REPORT'

export interface VitestReport {
  readonly passed: number
  /** Names of failed tests, and of files, suites and hooks that failed outside any test. */
  readonly failed: readonly string[]
  /** Names of skipped tests, with the reason where one was given. */
  readonly skipped: readonly string[]
}

export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const path = process.env[reportVariable]
    if (path === undefined) return

    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, JSON.stringify(countTests(modules, unhandled), null, 2))
  }
}

function countTests(modules: readonly TestModule[], unhandled: readonly SerializedError[]): VitestReport {
  let passed = 0
  const failed: string[] = unhandled.map((error) => `outside any test: ${error.message}`)
  const skipped: string[] = []

  for (const module of modules) {
    if (module.errors().length > 0) failed.push(`${module.relativeModuleId}: the file itself`)
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) failed.push(`${module.relativeModuleId}: ${suite.fullName}: the suite itself`)
    }
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'passed') passed++
      else if (result.state === 'failed') failed.push(nameOf(test))
      else
        skipped.push(`${nameOf(test)} (${result.state === 'skipped' && result.note ? result.note : 'no reason given'})`)
    }
  }

  return { passed, failed, skipped }
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId}: ${test.fullName}`
}

/** The shape of a scenario: it measures one library, and the table has one row for each of its measures. */
import type { Library } from './libraries.ts'

export interface Scenario {
  readonly name: string
  readonly measures: readonly string[]
  /** A cell for each measure. */
  run(library: Library): Promise<readonly string[]>
}

/** Where a library has nothing that could be measured. */
export const nothing = '—'

/** One run for each seed, which is its luck: so many that the worst of them is a bad one. */
export const seeds: readonly number[] = Array.from({ length: 500 }, (_, index) => index + 1)

export const dialsInTheFirstMinute = 'dials in the first minute, most'

export const minute = 60_000

/** When a fault is mended, so that no library's rhythm meets it by luck: within the ten seconds after the first minute. */
export function mendedAt(seed: number): number {
  return minute + (seed * 10_000) / seeds.length
}

export function most(counts: readonly number[]): string {
  return String(Math.max(...counts))
}

export function within(times: readonly number[], limit: number): number {
  return times.filter((time) => time < limit).length
}

/** What the figures of interleaved rounds come to. */
import { median } from './median.ts'

/**
 * How many times the figure of the base it is: the median of the ratios within each round, so that what slows down a whole round
 * counts for nobody.
 */
export function compareRounds(own: readonly number[], base: readonly number[]): number {
  return median(own.map((figure, round) => figure / (base[round] ?? Number.NaN)))
}

/** The smallest value that so many per cent of all do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN
}

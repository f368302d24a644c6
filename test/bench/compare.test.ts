import { describe, expect, it } from 'vitest'
import { compareRounds, percentile } from './compare.ts'
import { median } from './median.ts'

describe('the figures of a benchmark', () => {
  it('have the value in the middle as their median, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5)
  })

  it('have what lies between the two in the middle, where their number is even', () => {
    expect(median([10, 1, 4, 2])).toBe(3)
  })

  it('are compared round by round, so that one slow round of all changes nothing', () => {
    expect(compareRounds([2, 20, 2], [1, 10, 1])).toBe(2)
  })

  it('are not the ratio of two medians', () => {
    expect(compareRounds([1, 2, 9], [1, 4, 3])).toBe(1)
  })

  it('have a percentile that is one of them, the smallest that so many do not exceed', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect([50, 95, 99, 100].map((percent) => percentile(values, percent))).toEqual([50, 95, 99, 100])
    expect(percentile([7], 1)).toBe(7)
  })
})

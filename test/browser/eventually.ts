/** `expect` for what a page will show: reads again until the matcher holds, and fails after the deadline with what was read last. */
import { expect, vi } from 'vitest'

const timing = { timeout: 45_000, interval: 50 }

/** Unlike `expect.poll`, it knows no current test, so that it can be used in concurrent ones. */
export function eventually<T>(read: () => T | Promise<T>) {
  const until = (check: (value: T) => void) => vi.waitFor(async () => check(await read()), timing)

  return {
    toBe: (expected: T) => until((value) => expect(value).toBe(expected)),
    toEqual: (expected: T) => until((value) => expect(value).toEqual(expected)),
    toMatch: (expected: RegExp) => until((value) => expect(value).toMatch(expected)),
    toBeGreaterThan: (expected: number) => until((value) => expect(value).toBeGreaterThan(expected)),
  }
}

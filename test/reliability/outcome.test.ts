import { expect, test } from 'vitest'
import { middleAndWorst, noticedAfter, openedAfter } from './outcome.ts'
import type { Run, SeenClient } from './run.ts'

const client: SeenClient = { openings: [40, 5000], losses: [3000], hasGivenUp: false }
const run = (isIdle: boolean) => ({ clock: { isIdle } }) as Run

test('times count from the fault, and what was before it does not', () => {
  expect([openedAfter(run(true), client, 2500), noticedAfter(run(true), client, 2500)]).toEqual([2500, 500])
})

test.each([
  ['stuck', true, false],
  ['not yet', false, false],
  ['gave up', true, true],
] as const)(
  'a client that is not open again is "%s": nothing left to do %s, said so %s',
  (word, isIdle, hasGivenUp) => {
    expect(openedAfter(run(isIdle), { ...client, hasGivenUp }, 6000)).toBe(word)
  },
)

test('a loss that is not noticed never will be once there is nothing left to do', () => {
  expect([noticedAfter(run(true), client, 4000), noticedAfter(run(false), client, 4000)]).toEqual(['never', 'not yet'])
})

test('the middle and the worst are taken in order of size', () => {
  expect(middleAndWorst([10_000, 900, 2000])).toEqual(['2.0 s', '10.0 s'])
})

test('times of some do not hide that others have none', () => {
  expect(middleAndWorst([900, 'stuck', 'stuck'])).toEqual(['stuck: 2 of 3', 'stuck: 2 of 3'])
  expect(middleAndWorst(['gave up', 'gave up'])).toEqual(['gave up', 'gave up'])
})

import { expect, test } from 'vitest'
import { createVirtualClock } from './virtual-clock.ts'

/** A clock, and a list of what happens at which time. */
function givenClock() {
  const log: string[] = []
  const clock = createVirtualClock((error) => log.push(`${clock.now()} ${error}`))
  return { clock, log, note: (what: string) => () => void log.push(`${clock.now()} ${what}`) }
}

test('tasks run in the order of their times, and of their arrival where these are equal', async () => {
  const { clock, log, note } = givenClock()
  clock.setTimer(note('late'), 20)
  clock.setTimer(note('first'), 10)
  clock.setTimer(note('second'), 10)
  await clock.runUntil(100)

  expect(log).toEqual(['10 first', '10 second', '20 late'])
})

test('promises settle before the next task of the same time', async () => {
  const { clock, log, note } = givenClock()
  clock.setTimer(() => Promise.resolve().then(note('promise')).then(note('and its next')), 10)
  clock.setTimer(note('task'), 10)
  await clock.runUntil(100)

  expect(log).toEqual(['10 promise', '10 and its next', '10 task'])
})

test('a timer that a promise sets counts from the time at which that settled', async () => {
  const { clock, log, note } = givenClock()
  clock.setTimer(() => Promise.resolve().then(() => clock.setTimer(note('timer'), 5)), 10)
  await clock.runUntil(100)

  expect(log).toEqual(['15 timer'])
})

test('a timer of 0 runs after what is due already', async () => {
  const { clock, log, note } = givenClock()
  clock.setTimer(() => clock.setTimer(note('timer'), 0), 10)
  clock.setTimer(note('due'), 10)
  await clock.runUntil(10)

  expect(log).toEqual(['10 due', '10 timer'])
})

test('what is due later waits for the next run, and the time is the one asked for', async () => {
  const { clock, log, note } = givenClock()
  clock.setTimer(note('task'), 11)
  await clock.runUntil(10)

  expect([clock.now(), log]).toEqual([10, []])
  expect(clock.isIdle).toBe(false)
})

test('a cleared timer does not run, and nothing is left of it', async () => {
  const { clock, log, note } = givenClock()
  clock.clearTimer(clock.setTimer(note('task'), 10))

  expect(clock.isIdle).toBe(true)
  await clock.runUntil(100)
  expect(log).toEqual([])
})

test('what a task throws is reported, and the next one runs', async () => {
  const { clock, log, note } = givenClock()
  clock.setTimer(() => {
    throw new Error('mine')
  }, 10)
  clock.setTimer(note('next'), 10)
  await clock.runUntil(100)

  expect(log).toEqual(['10 Error: mine', '10 next'])
})

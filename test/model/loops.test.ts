/** Iterators that are read at once, slowly, in parallel or not at all, and given up, whatever arrives in between. */
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { givenOpen, say } from '../circumstances.ts'
import { listenedTo, listenersOf, reading } from '../routing/reading.ts'
import { holds, timeout } from './runs.ts'

/** So many messages in one go, or so many calls of `next()`. */
interface Step {
  readonly do: 'say' | 'take'
  readonly count: number
}

const step = fc.record<Step>({ do: fc.constantFrom('say', 'take'), count: fc.constantFrom(1, 1, 1, 2, 5) })

const drawn = fc.record({
  options: fc.record({
    limit: fc.constantFrom(1, 2, 3),
    whenFull: fc.constantFrom('throw', 'drop-oldest', 'drop-newest'),
  }),
  /** Within a task nobody has the time to come back for more. */
  tasks: fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
  end: fc.constantFrom('close', 'fail', 'abort', 'return'),
  /** Promises that a loop waits for before it comes back. */
  hops: fc.constantFrom(0, 1, 5),
})

function givenIterator(options: {
  readonly limit: number
  readonly whenFull: 'throw' | 'drop-oldest' | 'drop-newest'
}) {
  const all = givenOpen()
  const patience = new AbortController()
  const iterator = all.client.events('a', { ...options, signal: patience.signal })
  const said: number[] = []
  return {
    ...all,
    ...{ patience, iterator, said },
    say(count: number) {
      for (const end = said.length + count; said.length < end; ) say(all.link(), 'a', said.push(said.length) - 1)
    },
    /** It listens to neither the client nor the signal. */
    isOver: () => listenedTo(all.link()).length + listenersOf(patience.signal) === 0,
  }
}

/** What comes out of an iterator whose calls of `next()` do not wait for each other. */
function taking(iterator: AsyncIterator<unknown>) {
  const all = {
    got: [] as unknown[],
    thrown: [] as unknown[],
    pending: 0,
    isDone: false,
    async take() {
      all.pending += 1
      try {
        const { done, value } = await iterator.next()
        if (done) all.isDone = true
        else all.got.push(value)
      } catch (error) {
        all.thrown.push((error as { readonly code?: string }).code ?? error)
      }
      all.pending -= 1
    },
  }
  return all
}

test('[RT5][RT6][CN2] whatever is said and taken, an iterator keeps its bound, its order and its end', {
  timeout,
}, async () => {
  await holds('whatever is said and taken', drawn, async ({ options, tasks, end }) => {
    const { client, environment, iterator, link, patience, said, say, isOver } = givenIterator(options)
    const taken = taking(iterator)
    for (const task of tasks) {
      for (const { do: what, count } of task) {
        if (what === 'say') say(count)
        else for (let n = 0; n < count; n += 1) void taken.take()
      }
      await setImmediate()
      if (taken.pending && options.whenFull === 'throw') expect(taken.got).toEqual(said)
    }

    // One that has failed for too much is over before, whatever its signal or its client do.
    const hasFailed = isOver()
    const before = taken.got.length
    if (end === 'close') client.close()
    else if (end === 'fail') link().end({ code: 'refused' })
    else if (end === 'abort') patience.abort('enough')
    else await iterator.return?.()
    await setImmediate()
    expect(isOver()).toBe(true)
    expect(taken.pending).toBe(0)

    while (!taken.isDone) await taken.take()
    const { got, thrown } = taken
    const isGivenUp = end === 'return' || (end === 'abort' && !hasFailed)
    expect(got.length - before).toBeLessThanOrEqual(isGivenUp ? 0 : options.limit)
    expect(got).toEqual(said.filter((n) => got.includes(n)))
    if (options.whenFull === 'throw') expect(got).toEqual(said.slice(0, got.length))
    if (options.whenFull === 'drop-oldest' && !isGivenUp) expect(got.at(-1)).toBe(said.at(-1))
    const reasons = { close: [], fail: ['refused'], abort: ['enough'], return: [] }
    // Whoever gives up one that has failed may not have come to its error.
    if (!hasFailed) expect(thrown).toEqual(reasons[end])
    else if (thrown.length || !isGivenUp) expect([options.whenFull, ...thrown]).toEqual(['throw', 'queue-full'])
    client.close()
    expect(environment.held).toBe(0)
  })
})

test('[RT6] a loop that comes back at once loses nothing, whatever its policy', { timeout }, async () => {
  await holds('a loop that comes back at once', drawn, async ({ options, tasks, hops }) => {
    const all = givenIterator(options)
    const read = reading(all.iterator, async () => {
      for (let n = 0; n < hops; n += 1) await undefined
    })
    await setImmediate()
    for (const task of tasks) {
      for (const { count } of task) all.say(count)
      await setImmediate()
    }
    all.client.close()
    await setImmediate()

    expect(read).toEqual({ values: all.said, end: 'done' })
  })
})

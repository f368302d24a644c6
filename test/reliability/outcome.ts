/** What became of a client, as a number where it recovered and as a word where it did not; and many of them in one cell. */
import type { Run, SeenClient } from './run.ts'

/** Milliseconds, or why there are none. */
export type Outcome = number | 'gave up' | 'stuck' | 'never' | 'not yet'

/** How long after `since` the client said that it is open. */
export function openedAfter(run: Run, client: SeenClient, since: number): Outcome {
  const at = client.openings.find((time) => time >= since)
  return at === undefined ? endOf(run, client) : at - since
}

/** How long after `since` the client said that its link is no more. */
export function noticedAfter(run: Run, client: SeenClient, since: number): Outcome {
  const at = client.losses.find((time) => time >= since)
  if (at !== undefined) return at - since
  return run.clock.isIdle ? 'never' : 'not yet'
}

/** Whether it will still do something: without a timer, a dial or a message under way it never will. */
export function endOf({ clock }: Run, { hasGivenUp }: SeenClient): Exclude<Outcome, number> {
  if (hasGivenUp) return 'gave up'
  return clock.isIdle ? 'stuck' : 'not yet'
}

/** The middle and the worst of many, in seconds. Where not all recovered, both are the word for the first that did not, with their number. */
export function middleAndWorst(outcomes: readonly Outcome[]): readonly [middle: string, worst: string] {
  const times = outcomes.filter((outcome) => typeof outcome === 'number').sort((a, b) => a - b)
  const words = outcomes.filter((outcome) => typeof outcome !== 'number')
  const [word] = words
  if (word === undefined) return [seconds(times[Math.ceil(times.length / 2) - 1]), seconds(times.at(-1))]

  const told = words.length === outcomes.length ? word : `${word}: ${words.length} of ${outcomes.length}`
  return [told, told]
}

function seconds(ms = 0): string {
  return `${(ms / 1000).toFixed(1)} s`
}

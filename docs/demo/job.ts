/**
 * The demo's jobs, which do no work: the progress of a job depends only on the time since it began, and both its beginning and its
 * size are in its name. So nothing is stored, and any process, a restarted one too, can tell how far every job is.
 */

export interface Job {
  readonly name: string
  /** Epoch time. */
  readonly startedAt: number
  /** The size of the job: each crate is one step. */
  readonly crates: number
}

export const crateCounts = [20, 60, 150] as const

const stages = ['Unloading', 'Weighing', 'Sorting', 'Packing in ice', 'Loading the van'] as const

export function createJob(crates: number, now: number): Job {
  return { name: `${now}-${crates}`, startedAt: now, crates }
}

/** `undefined` for a name that was never given out. */
export function findJob(name: string, now: number): Job | undefined {
  const [, startedAt, crates] = /^(\d{1,15})-(\d{1,4})$/.exec(name) ?? []
  const isKnown = crateCounts.some((count) => count === Number(crates)) && Number(startedAt) <= now
  return isKnown ? { name, startedAt: Number(startedAt), crates: Number(crates) } : undefined
}

/** How many steps of the job are done. `interval` is the time that each takes, in milliseconds. */
export function stepsDone({ startedAt, crates }: Job, now: number, interval: number): number {
  return Math.min(crates, Math.max(0, Math.floor((now - startedAt) / interval)))
}

export function progressAt({ crates }: Job, step: number) {
  const stage = stages[Math.min(stages.length - 1, Math.floor(((step - 1) / crates) * stages.length))]
  return { percent: Math.round((step / crates) * 100), step, crates, stage }
}

export function resultOf({ crates }: Job): string {
  return `${crates} crates of mackerel are on their way to the market.`
}

/** Links that are open in name only: the server never says its welcome, or nothing arrives any more. */
import { middleAndWorst, noticedAfter, type Outcome, openedAfter } from './outcome.ts'
import { begin } from './run.ts'
import { dialsInTheFirstMinute, mendedAt, minute, most, nothing, type Scenario, seeds, within } from './scenario.ts'

export const keeping: readonly Scenario[] = [
  {
    name: 'server accepts but leaves the handshake unanswered for a minute',
    measures: [dialsInTheFirstMinute, 'open after the cure, median', 'open after the cure, worst'],
    async run(library) {
      if (!library.hasHandshake) return [nothing, nothing, nothing]

      const dials: number[] = []
      const outcomes: Outcome[] = []
      for (const seed of seeds) {
        const replies = (acceptedAt: number) => acceptedAt >= mendedAt(seed)
        const run = begin(library, { seed, replies, needs: { handshake: true } })
        await run.clock.runUntil(20 * minute)
        dials.push(within(run.network.dials, minute))
        outcomes.push(...run.clients.map((client) => openedAfter(run, client, mendedAt(seed))))
      }
      return [most(dials), ...middleAndWorst(outcomes)]
    },
  },
  {
    name: 'an open link goes silent; new ones are well',
    measures: ['noticed, median', 'noticed, worst', 'open again, median', 'open again, worst'],
    async run(library) {
      const noticed: Outcome[] = []
      const opened: Outcome[] = []
      for (const seed of seeds) {
        const run = begin(library, { seed, needs: { heartbeat: true } })
        await run.clock.runUntil(silentAt(seed))
        for (const link of run.network.links) link.silence()
        await run.clock.runUntil(20 * minute)
        noticed.push(...run.clients.map((client) => noticedAfter(run, client, silentAt(seed))))
        opened.push(...run.clients.map((client) => openedAfter(run, client, silentAt(seed))))
      }
      return [...middleAndWorst(noticed), ...middleAndWorst(opened)]
    },
  },
]

/** Anywhere between two questions of a heartbeat that asks every 30 s. */
function silentAt(seed: number): number {
  return minute + (seed * 30_000) / seeds.length
}

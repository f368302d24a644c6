/** Servers that do not let a client in: they turn it away, swallow its dial, or show it out at once. */
import type { Library } from './libraries.ts'
import { endOf, middleAndWorst, type Outcome, openedAfter } from './outcome.ts'
import { begin, type Circumstances } from './run.ts'
import { dialsInTheFirstMinute, mendedAt, minute, most, type Scenario, seeds, within } from './scenario.ts'
import type { Answer } from './simulated-network.ts'

export const dialing: readonly Scenario[] = [
  showsOut('server accepts and closes at once, code 1001', 1001),
  showsOut('server accepts and closes at once, code 1000', 1000),
  showsOut('server accepts and closes with 4401, always', 4401),
  mended('server refuses every dial for a minute', 'refuse'),
  mended('network swallows every dial for a minute', 'hang'),
]

function showsOut(name: string, code: number): Scenario {
  return {
    name,
    measures: [dialsInTheFirstMinute, 'in ten minutes'],
    async run(library) {
      const accepted: Circumstances['accepted'] = (link) => link.close(code)
      const dials: number[] = []
      // Fewer runs than elsewhere: some libraries dial thousands of times.
      for (const seed of seeds.slice(0, 50)) {
        const { clock, network } = begin(library, { seed, accepted })
        await clock.runUntil(minute)
        dials.push(network.dials.length)
      }
      return [most(dials), await endAfterTenMinutes(library, accepted)]
    },
  }
}

async function endAfterTenMinutes(library: Library, accepted: Circumstances['accepted']): Promise<string> {
  const run = begin(library, { seed: 1, accepted })
  await run.clock.runUntil(10 * minute)
  const [end] = run.clients.map((client) => endOf(run, client))
  const { length } = run.network.dials
  return `${length} ${length === 1 ? 'dial' : 'dials'}, ${end === 'not yet' ? 'goes on' : end}`
}

function mended(name: string, fault: Answer): Scenario {
  return {
    name,
    measures: [dialsInTheFirstMinute, 'open after the cure, median', 'open after the cure, worst'],
    async run(library) {
      const dials: number[] = []
      const outcomes: Outcome[] = []
      for (const seed of seeds) {
        const answer = (now: number) => (now < mendedAt(seed) ? fault : 'accept')
        const run = begin(library, { seed, answer })
        await run.clock.runUntil(20 * minute)
        dials.push(within(run.network.dials, minute))
        outcomes.push(...run.clients.map((client) => openedAfter(run, client, mendedAt(seed))))
      }
      return [most(dials), ...middleAndWorst(outcomes)]
    },
  }
}

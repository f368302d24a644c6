/** A thousand clients that lose their links in the same instant. */
import { densest } from '../circumstances.ts'
import { middleAndWorst, openedAfter } from './outcome.ts'
import { begin, type Run } from './run.ts'
import { minute, nothing, type Scenario } from './scenario.ts'

const count = 1000
const window = 100

export const crowding: readonly Scenario[] = [
  dropped('1000 clients lose their links together', 0, [
    'dials in the fullest 100 ms',
    'open again, median',
    'open again, worst',
  ]),
  dropped('1000 clients lose their server for 20 s', 20_000, [
    'dials in the fullest 100 ms once it is back',
    'open after the cure, median',
    'open after the cure, worst',
  ]),
]

/** The share of the clients that dials in one window, from `since` on. */
function crowdAfter({ network }: Run, since: number): string {
  const dials = network.dials.filter((time) => time >= since)
  if (dials.length === 0) return nothing
  return `${((100 * densest(dials, window)) / count).toFixed(1)} %`
}

function dropped(name: string, downTime: number, measures: readonly string[]): Scenario {
  return {
    name,
    measures,
    async run(library) {
      const back = minute + downTime
      const answer = (now: number) => (now >= minute && now < back ? 'refuse' : 'accept')
      const run = begin(library, { seed: 1, count, answer })
      await run.clock.runUntil(minute)
      for (const link of run.network.links) link.drop()
      await run.clock.runUntil(20 * minute)

      const outcomes = run.clients.map((client) => openedAfter(run, client, back))
      return [crowdAfter(run, back), ...middleAndWorst(outcomes)]
    },
  }
}

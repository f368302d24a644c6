/** URL functions that go wrong once, as one does that fetches a token over the same bad network. The server is well. */
import { middleAndWorst, type Outcome, openedAfter } from './outcome.ts'
import { begin } from './run.ts'
import { minute, type Scenario, seeds } from './scenario.ts'

export const providing: readonly Scenario[] = [
  failsOnce('the function for the URL never settles once', () => new Promise<string>(() => {})),
  failsOnce('the function for the URL throws once', () => {
    throw new Error('no token')
  }),
  failsOnce('the function for the URL rejects once', async () => Promise.reject(new Error('no token'))),
]

function failsOnce(name: string, fail: () => Promise<string>): Scenario {
  return {
    name,
    measures: ['open, median', 'open, worst'],
    async run(library) {
      const outcomes: Outcome[] = []
      for (const seed of seeds) {
        let calls = 0
        const url = () => {
          calls += 1
          return calls === 1 ? fail() : 'wss://server.test/live'
        }
        const run = begin(library, { seed, url })
        await run.clock.runUntil(10 * minute)
        outcomes.push(...run.clients.map((client) => openedAfter(run, client, 0)))
      }
      return middleAndWorst(outcomes)
    },
  }
}

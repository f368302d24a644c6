/** One server behind one proxy for one test, and what they have to say at its end. */
import { expect, type TestContext } from 'vitest'
import { startFaultProxy } from './fault-proxy.ts'
import { numbered } from './numbered-message.ts'
import { startNumberedServer } from './numbered-server.ts'
import type { Outcome } from './tortured-client.ts'

/** `HOLDFAST_TORTURE_SEED` brings the faults of an earlier run again. */
const seed = Number(process.env.HOLDFAST_TORTURE_SEED ?? Math.floor(Math.random() * 2 ** 31))

export const count = 100_000
const leastFaults = 100
/** Many times as long as it takes: whoever is stuck says so before. */
export const torturing = { timeout: 300_000 }

export interface TortureOptions {
  /** Bytes from one fault to the next, on the average. */
  readonly distance?: number
  /** How many messages a link may bring again. */
  readonly overlap?: number
}

export async function startTorture(test: TestContext, { distance = 50_000, overlap = 0 }: TortureOptions = {}) {
  const server = await startNumberedServer({ count, pace: 20, overlap })
  test.onTestFinished(server.close)
  const proxy = await startFaultProxy({ target: server.port, seed, distance })
  test.onTestFinished(proxy.close)

  const report = (
    what: string,
    { opened, errors, milliseconds }: Pick<Outcome, 'opened' | 'errors' | 'milliseconds'>,
  ) => {
    const { early, ...live } = proxy.faults
    const hits = Object.values(live).reduce((sum, hit) => sum + hit, 0)
    console.log(
      `[torture] ${what}, seed ${seed}: ${(milliseconds / 1000).toFixed(1)} s, ${hits} faults on live links (${list(live)}), ` +
        `${early} before; ${proxy.connections} connections, ${opened} links opened, ${(proxy.bytes / 1e6).toFixed(1)} MB; ` +
        `told: ${list(errors)}`,
    )
    // The same bytes in other pieces are no hardship by themselves.
    expect(hits - live.split).toBeGreaterThanOrEqual(leastFaults)
    expect(opened).toBeGreaterThan(leastFaults / 2)
  }

  return {
    /** Where the server is, through the proxy. */
    origin: `http://127.0.0.1:${proxy.port}`,
    begin: proxy.begin,
    expectAll(what: string, outcome: Outcome) {
      report(what, outcome)
      const { inOrder, repeated, missing, damaged, late } = outcome
      expect({ inOrder, repeated, missing, damaged, late }).toEqual({
        inOrder: count,
        repeated: 0,
        missing: 0,
        damaged: 0,
        late: 0,
      })
    },
    expectTaken(what: string, outcome: Pick<Outcome, 'opened' | 'errors' | 'milliseconds'>) {
      report(what, outcome)
      expect(server.taken.length).toBe(count)
      expect(server.taken.findIndex(({ n, text }, index) => n !== index + 1 || text !== numbered(n).text)).toBe(-1)
    },
  }
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ')
}

/** Leads the clients of one column through all cases, a few at a time. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Case, lastEvent } from './case.ts'
import type { Host } from './hosts.ts'
import { judge, type Verdict } from './judge.ts'
import type { Run, ScriptedServer } from './scripted-server.ts'

/** A browser has six connections for an origin. */
const width = 5
/** Milliseconds in which a closed client would show that it comes back: several times its shortest waits. */
const quiet = 300
const releaseLimit = 5000

export async function runCases(
  host: Host,
  server: ScriptedServer,
  cases: readonly Case[],
  tell: (one: Case, verdict: Verdict) => void,
): Promise<void> {
  const waiting = [...cases]
  const work = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) tell(one, await runCase(host, server, one))
  }
  await Promise.all(Array.from({ length: width }, work))
}

async function runCase(host: Host, server: ScriptedServer, one: Case): Promise<Verdict> {
  const { closes, enough, withCredentials = false, patience = 10_000 } = one
  const run = server.begin(one)
  const observation = await host.observe({
    transport: host.transport,
    url: run.url,
    withCredentials,
    names: (one.expected.events ?? []).map(([name]) => name),
    lastEvent,
    patience,
    ...(closes && { closes }),
    ...(enough !== undefined && { enough }),
  })
  if (closes) {
    if (one.expected.released) await untilReleased(run)
    await delay(quiet)
  }
  return judge(one, host.column, { ...observation, run, origin: server.origin })
}

async function untilReleased({ requests }: Run): Promise<void> {
  const limit = performance.now() + releaseLimit
  while (!requests[0]?.released && performance.now() < limit) await delay(10)
}

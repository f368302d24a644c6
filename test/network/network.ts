/**
 * `npm run test:network`: takes clients of the built package, in Node and in Chromium, through the faults of a real
 * network between two namespaces. Ends with one line, `N passed, N failed`. Needs root on Linux; where it cannot run, it
 * says why.
 */
import { fileURLToPath } from 'node:url'
import { findChromium } from '../browser/chromium.ts'
import { type ClientHost, startChromium, startNode } from './client-hosts.ts'
import { createPair, type Pair, serverAddress, sweep, whyNot } from './namespaces.ts'
import { startRespondent } from './questions.ts'
import { blackhole, killed, lossy, quick, rejected, type Scenario, unplugged, usual } from './scenarios.ts'
import { type Lane, runTrial } from './trial.ts'

/** Two rows of scenarios, beside each other in namespaces of their own. */
const rows: readonly (readonly Scenario[])[] = [[blackhole], [killed, rejected, unplugged, lossy]]
const timeLimit = 200_000
const pagePort = 8080

let passed = 0
let failed = 0
const pairs: Pair[] = []

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => finish(`interrupted by ${signal}`))
}
process.once('uncaughtException', (error) => finish(error.stack))
const limit = setTimeout(() => finish(`not done in ${timeLimit / 1000} s`), timeLimit)

const reason = whyNot()
if (reason !== undefined) {
  console.log(`!!!!  NOT RUN: the tests on a real network, since ${reason}  !!!!`)
  finish()
}

sweep()
const executable = findChromium()
if (executable === undefined) console.log('!!!!  NOT RUN: the clients in Chromium, since none was found  !!!!')
console.log("not run: eventSource in Node, which has no EventSource of its own; Chromium's is tested")
await Promise.all(rows.map(runRow)).catch((error) => finish(error.stack))
finish()

async function runRow(scenarios: readonly Scenario[], index: number): Promise<void> {
  const pair = createPair(String(index))
  pairs.push(pair)
  const server = await startRespondent(pair.asServer, fileURLToPath(new URL('server.ts', import.meta.url)))
  await server.ask('listen', pagePort)
  const hosts = [await startNode(pair.asClient)]
  if (executable !== undefined) {
    hosts.push(await startChromium(executable, pair.asClient, `http://${serverAddress}:${pagePort}/`))
  }
  const [node, chromium] = hosts

  for (const scenario of scenarios) {
    const lanes = lanesOf(scenario, node, chromium)
    for (const { port } of lanes) await server.ask('listen', port).catch(() => {})
    try {
      for (const { lane, figures, faults } of await runTrial(scenario, pair, server, lanes)) {
        report(`${scenario.shows[lane.transport]}\n        ${scenario.name}, ${lane.name}: ${figures}`, faults)
      }
    } catch (error) {
      report(scenario.name, [String((error as Error).stack)])
    }
  }
}

function lanesOf(scenario: Scenario, ...hosts: readonly (ClientHost | undefined)[]): readonly Lane[] {
  const lanes: Omit<Lane, 'port'>[] = []
  for (const [index, host] of hosts.entries()) {
    if (!host) continue
    lanes.push({ name: `webSocket in ${host.name}`, host, transport: 'webSocket', setup: quick })
    if (index > 0) lanes.push({ name: `eventSource in ${host.name}`, host, transport: 'eventSource', setup: quick })
    if (scenario !== blackhole) continue
    const name = `webSocket with the default openTimeout and reconnect in ${host.name}`
    lanes.push({ name, host, transport: 'webSocket', setup: usual })
  }
  return lanes.map((lane, index) => ({ ...lane, port: pagePort + 1 + index }))
}

function report(line: string, faults: readonly string[]): void {
  if (faults.length === 0) passed += 1
  else failed += 1
  console.log([`${faults.length === 0 ? 'passed' : 'FAILED'}  ${line}`, ...faults].join('\n        !! '))
}

/** Leaves nothing behind and ends the process. Synchronous, so that nothing comes between. */
function finish(complaint?: string): never {
  clearTimeout(limit)
  if (complaint !== undefined) report('the run itself', [complaint])
  for (const pair of pairs) {
    try {
      pair.remove()
    } catch (error) {
      report('the cleanup', [String(error)])
    }
  }
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed > 0 ? 1 : 0)
}

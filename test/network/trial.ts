/** Takes clients through one scenario: lets them open, breaks the network under them, mends it, and watches them come back. */
import { setTimeout as delay } from 'node:timers/promises'
import type { ClientPlan } from './client.ts'
import type { ClientHost } from './client-hosts.ts'
import type { Pair } from './namespaces.ts'
import { serverAddress } from './namespaces.ts'
import type { Respondent } from './questions.ts'
import type { Scenario, Setup } from './scenarios.ts'
import type { ServerReport } from './server.ts'
import { judge, type Verdict } from './verdict.ts'

/** One client of the trial. */
export interface Lane {
  readonly name: string
  readonly host: ClientHost
  readonly transport: ClientPlan['transport']
  readonly setup: Setup
  /** The port at the server, which no other client of this namespace uses. */
  readonly port: number
}

export interface Outcome extends Verdict {
  readonly lane: Lane
}

/** How long to go on watching after the bound, so that a failure comes with its figure. */
const patience = 15_000

export async function runTrial(
  scenario: Scenario,
  pair: Pair,
  server: Respondent,
  lanes: readonly Lane[],
): Promise<readonly Outcome[]> {
  const idOf = (lane: Lane) => `${scenario.name}, ${lane.port}`
  const look = async (lane: Lane) => {
    // The server first: what it has sent by then, the client has to have heard.
    const atServer = (await server.ask('report', idOf(lane))) as ServerReport
    return { server: atServer, client: await lane.host.call(idOf(lane), 'report') }
  }
  /** How much the link has brought: answers to probes and messages, or events. */
  const signsOfLife = async (lane: Lane) => {
    const { server, client } = await look(lane)
    return lane.transport === 'webSocket' ? server.probes + client.acknowledged.length : client.events.length
  }
  const liveOn = async (lane: Lane, signs: number) => {
    const wanted = (await signsOfLife(lane)) + signs
    await until(`${lane.name} shows signs of life`, async () => (await signsOfLife(lane)) >= wanted)
  }

  try {
    await Promise.all(
      lanes.map(async (lane) => {
        const { transport, setup, port } = lane
        const url = `http://${serverAddress}:${port}/${transport === 'eventSource' ? 'stream' : ''}?client=${encodeURIComponent(idOf(lane))}`
        await lane.host.start(idOf(lane), {
          transport,
          url,
          options: setup.options,
          acknowledges: scenario.acknowledges,
        })
        // A WebSocket is quiet for longer than `idle`, twice: the probe keeps a healthy link.
        await liveOn(lane, transport === 'webSocket' ? 2 : 8)
      }),
    )

    const brokeAt = Date.now()
    scenario.inflict(
      pair,
      lanes.map(({ port }) => port),
    )
    const writers = lanes.filter(({ transport }) => transport === 'webSocket')
    await Promise.all(writers.map((lane) => lane.host.call(idOf(lane), 'writeEvery', scenario.writeEvery)))
    await delay(Math.max(0, brokeAt + scenario.lasts - Date.now()))
    // Before the cure, so that no client is found to be back earlier than it was cured.
    const curedAt = scenario.lasts > 0 ? Date.now() : brokeAt
    scenario.cure(pair)

    return await Promise.all(
      lanes.map(async (lane) => {
        const { setup, transport } = lane
        const verdict = async () => judge({ scenario, setup, transport, brokeAt, curedAt, ...(await look(lane)) })
        // What does not come true in time is in the verdict.
        const isBack = async () => (await verdict()).isBack
        const isPassed = async () => (await verdict()).faults.length === 0
        await until('back', isBack, scenario.back(setup) + patience).catch(() => {})
        // What would come twice, or open a second time, has its chance now: while more is sent, and in silence.
        await liveOn(lane, 4).catch(() => {})
        if (transport === 'webSocket') await lane.host.call(idOf(lane), 'stopWriting')
        await until('passed', isPassed, patience).catch(() => {})
        await liveOn(lane, 1).catch(() => {})
        await until('still passed', isPassed, patience).catch(() => {})
        return { lane, ...(await verdict()) }
      }),
    )
  } finally {
    await Promise.allSettled(lanes.map((lane) => lane.host.call(idOf(lane), 'close')))
  }
}

async function until(what: string, holds: () => Promise<boolean>, deadline = 30_000): Promise<void> {
  const end = Date.now() + deadline
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${deadline / 1000} s: ${what}`)
    await delay(50)
  }
}

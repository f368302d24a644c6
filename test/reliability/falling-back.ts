/** What `fallback` makes of networks that block WebSockets: which transport carries, and when the first message is there. */
import { createClient, fallback, fetchStream, webSocket } from '../../src/index.ts'
import { formatColumns } from '../checks/markdown-table.ts'
import { fakeStorage } from '../transports/falling-back.ts'
import { middleAndWorst, type Outcome } from './outcome.ts'
import { mendedAt, minute, seeds } from './scenario.ts'
import type { Answer } from './simulated-network.ts'
import { createSimulatedStreams, type StreamAnswer } from './simulated-streams.ts'
import { openPage } from './virtual-page.ts'

interface Obstacle {
  readonly name: string
  /** Both are called with whether the network has been mended. */
  readonly upgrade: (isMended: boolean) => Answer
  readonly request?: (isMended: boolean) => StreamAnswer
  /** Milliseconds after which a WebSocket is cut. */
  readonly cutAfter?: number
  /** Milliseconds that the server says nothing on a new link. */
  readonly silence?: number
  /** Every link breaks at this time, and the network is mended a minute or so after the beginning: times count from then. */
  readonly breaksAt?: number
}

/** Every fifth seed: that is enough here, where only the waits are left to luck. */
const fewSeeds = seeds.filter((seed) => seed % 5 === 0)

const obstacles: readonly Obstacle[] = [
  { name: 'nothing is blocked', upgrade: () => 'accept' },
  { name: 'a proxy refuses upgrades', upgrade: () => 'refuse' },
  { name: 'a proxy answers upgrades with 502', upgrade: () => 'refuse' },
  { name: 'a proxy swallows upgrades', upgrade: () => 'hang' },
  {
    name: 'a proxy cuts WebSockets after a second, before the first message',
    upgrade: () => 'accept',
    cutAfter: 1000,
    silence: 2000,
  },
  {
    name: 'the server restarts, and is away for half a minute',
    upgrade: (isMended) => (isMended ? 'accept' : 'refuse'),
    request: (isMended) => (isMended ? 'stream' : 'refuse'),
    breaksAt: minute / 2,
  },
  {
    name: 'a captive portal, until somebody signs in',
    upgrade: (isMended) => (isMended ? 'accept' : 'refuse'),
    request: (isMended) => (isMended ? 'stream' : 'page'),
    breaksAt: 0,
  },
]

/** How long after a moment the first message came, and over which transport. */
interface Arrival {
  readonly carrier: string
  readonly after: Outcome
}

export async function measureFallback(): Promise<string> {
  const rows: string[][] = []
  for (const obstacle of obstacles) {
    const visits: (readonly Arrival[])[] = []
    for (const seed of fewSeeds) visits.push(await visitTwice(obstacle, seed))
    rows.push([obstacle.name, ...[0, 1].flatMap((visit) => cellsOf(visits.flatMap((both) => both[visit] ?? [])))])
  }
  const head = ['what is in the way', 'first visit', 'median', 'worst', 'next visit', 'median', 'worst']
  return formatColumns(head, rows)
}

function cellsOf(arrivals: readonly Arrival[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { carrier } of arrivals) counts.set(carrier, (counts.get(carrier) ?? 0) + 1)
  const [[usual] = [], ...others] = [...counts].sort(([, a], [, b]) => b - a)
  const told = [usual, ...others.map(([carrier, count]) => `${carrier} in ${count} of ${arrivals.length}`)]
  return [told.join(', '), ...middleAndWorst(arrivals.map(({ after }) => after))]
}

async function visitTwice(obstacle: Obstacle, seed: number): Promise<readonly Arrival[]> {
  const { cutAfter, silence = 0, breaksAt, request = () => 'stream' } = obstacle
  const mended = breaksAt === undefined ? 0 : mendedAt(seed)
  const isMended = () => clock.now() >= mended || clock.now() < (breaksAt ?? 0)
  const { clock, network } = openPage(seed, {
    answer: () => obstacle.upgrade(isMended()),
    accepted(link) {
      clock.setTimer(() => link.send('{"type":"news"}'), silence)
      if (cutAfter !== undefined) clock.setTimer(() => link.drop(), cutAfter)
    },
  })
  const streams = createSimulatedStreams(
    clock,
    () => request(isMended()),
    (write) => clock.setTimer(() => write('event: news\ndata:\n\n'), silence),
  )
  if (breaksAt !== undefined) {
    clock.setTimer(() => {
      for (const link of network.links) link.drop()
      streams.dropAll()
    }, breaksAt)
  }

  const storage = fakeStorage()
  const first = await visit(mended)
  await clock.runUntil(clock.now() + minute)
  return [first, await visit(clock.now())]

  /** One visit: a new client, until its first message after this time. */
  async function visit(since: number): Promise<Arrival> {
    const arrivals: Arrival[] = []
    const { fetch } = streams
    const list = fallback([webSocket('wss://server.test/live'), fetchStream('https://server.test/events', { fetch })], {
      storage,
    })
    const client = createClient(list)
    client.on('news', (_, { transport: carrier }) => {
      if (clock.now() >= since) arrivals.push({ carrier, after: clock.now() - since })
    })
    client.connect()
    const end = clock.now() + 10 * minute
    while (arrivals.length === 0 && clock.now() < end) await clock.runUntil(clock.now() + 1000)
    client.close()
    return arrivals[0] ?? { carrier: 'none', after: 'not yet' }
  }
}

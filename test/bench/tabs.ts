/**
 * `npm run bench:tabs`: what it costs that tabs share a link, in pages of Chromium. Prints what was measured;
 * `npm run bench:tabs -- --write` puts it into docs/performance.md. `-- --quick` takes few messages and rounds, to see that it runs.
 */
import { findChromium } from '../browser/chromium.ts'
import { formatColumns } from '../checks/markdown-table.ts'
import { percentile } from './compare.ts'
import { writeDocument } from './document.ts'
import { type Arrangement, type Flood, openTabsBench, type TabsBench } from './measure-tabs.ts'
import { median } from './median.ts'

const isQuick = process.argv.includes('--quick')
const rounds = isQuick ? 2 : 9
const many = isQuick ? 2000 : 10_000
const pings = isQuick ? 100 : 500
const tabs = 8

const sizes = [
  { name: '100 B', bytes: 100 },
  { name: '2 kB', bytes: 2000 },
]
const shared: Arrangement = { pages: tabs, isShared: true }
const alone: Arrangement = { pages: 1, isShared: false }
const arrangements: readonly (Arrangement & { readonly name: string })[] = [
  { ...alone, name: 'one page' },
  { pages: 1, isShared: true, name: 'one page, `crossTab`' },
  { pages: tabs, isShared: false, name: 'eight pages, a link each' },
  { ...shared, name: 'eight pages, `crossTab`' },
]
/** Who sends a message and waits for the answer. */
const senders = [
  { name: 'a page with a link of its own', arrangement: alone, by: 0 },
  { name: 'the page that leads seven others', arrangement: shared, by: 0 },
  { name: 'a page that follows', arrangement: shared, by: tabs - 1 },
]

const latencyRows: string[][] = []
const rateRows: string[][] = []

const executable = findChromium()
if (executable) await measure(await openTabsBench(executable, tabs))
else console.log('!!!!  NOT RUN: no Chromium was found  !!!!')

if (executable && process.argv.includes('--write'))
  writeDocument({
    'tabs-latency': formatColumns(['message', 'sent by', 'p50', 'p99', 'added, p50', 'added, p99'], latencyRows),
    'tabs-rate': formatColumns(
      ['message', 'who receives', 'messages/s', 'main thread, first page', 'each other page'],
      rateRows,
    ),
  })

async function measure(bench: TabsBench): Promise<void> {
  try {
    for (const size of sizes) await measureRate(bench, size)
    for (const size of sizes) await measureLatency(bench, size)
  } finally {
    await bench.close()
  }
}

async function measureRate(bench: TabsBench, { name: size, bytes }: (typeof sizes)[number]): Promise<void> {
  const floods = await inRounds(arrangements, (arrangement) => bench.flood(arrangement, bytes, many))
  console.log(`\n${many} messages of ${size}, ${rounds} rounds`)
  for (const [index, { name, pages }] of arrangements.entries()) {
    const own = floods[index] ?? []
    const rate = many / (median(own.map(({ milliseconds }) => milliseconds)) / 1000)
    const others = pages > 1 ? each(own, (threads) => median(threads.slice(1))) : ''
    const row = [
      size,
      name,
      (Math.round(rate / 100) * 100).toLocaleString('en-US'),
      each(own, ([first = 0]) => first),
      others,
    ]
    rateRows.push(row)
    console.log(`  ${row.slice(1).join('  ')}`)
  }
}

function each(floods: readonly Flood[], of: (threads: readonly number[]) => number): string {
  return `${((median(floods.map(({ threads }) => of(threads))) / many) * 1e6).toFixed(1)} µs`
}

async function measureLatency(bench: TabsBench, { name: size, bytes }: (typeof sizes)[number]): Promise<void> {
  const runs = await inRounds(senders, ({ arrangement, by }) => bench.pingPong(arrangement, by, bytes, pings))
  console.log(`\n${pings * rounds} ping-pongs of ${size}`)
  const at = (index: number, percent: number) => percentile((runs[index] ?? []).flat(), percent)
  for (const [index, { name }] of senders.entries()) {
    const times = [50, 99].map((percent) => `${at(index, percent).toFixed(2)} ms`)
    const added = [50, 99].map((percent) => (index ? `${(at(index, percent) - at(0, percent)).toFixed(2)} ms` : ''))
    latencyRows.push([size, name, ...times, ...added])
    console.log(`  ${name.padEnd(34)}p50, p99: ${times.join(', ')}  added: ${added.join(', ')}`)
  }
}

/** Each of them once in a round, in an order that turns around each time; the first round is for the compiler. */
async function inRounds<S, T>(subjects: readonly S[], run: (subject: S) => Promise<T>): Promise<T[][]> {
  const results: T[][] = subjects.map(() => [])
  const order = [...subjects.entries()]
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, subject] of order) {
      const result = await run(subject)
      if (round >= 0) results[index]?.push(result)
    }
    order.reverse()
  }
  return results
}

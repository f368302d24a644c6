/**
 * `npm run bench:browser`: what a message costs in a page of Chromium, through holdfast, through the browser's own API and through
 * others. Prints what was measured; `npm run bench:browser -- --write` puts it into docs/performance.md. `-- --quick` takes few rounds
 * and no 100,000 messages, to see that it runs; `-- --only=eventSource` measures one transport.
 */
import { findChromium } from '../browser/chromium.ts'
import { formatColumns } from '../checks/markdown-table.ts'
import { compareRounds, percentile } from './compare.ts'
import { formatVersions, writeDocument } from './document.ts'
import { type Bench, type Direction, type Group, openBench, type Run } from './measure-channels.ts'
import { median } from './median.ts'

const allGroups: readonly Group[] = [
  {
    name: 'webSocket',
    scheme: 'ws',
    files: ['web-socket-raw', 'web-socket-holdfast', 'partysocket', 'reconnecting-websocket'],
  },
  { name: 'eventSource', scheme: 'http', files: ['event-source-raw', 'event-source-holdfast'] },
  { name: 'fetchStream', scheme: 'http', files: ['fetch-stream-raw', 'fetch-stream-holdfast', 'fetch-event-source'] },
]
const packages = ['partysocket', 'reconnecting-websocket', '@microsoft/fetch-event-source', 'eventsource-parser']

const flags = process.argv.slice(2)
const isQuick = flags.includes('--quick')
const only = flags.find((flag) => flag.startsWith('--only='))?.slice('--only='.length)
const groups = allGroups.filter(({ name }) => only === undefined || name === only)

const sizes = [
  { name: '100 B', bytes: 100 },
  { name: '2 kB', bytes: 2000 },
]

/** The 100,000 come in few rounds, since one of these takes as long as ten of the others; the amount that is judged by comes in most. */
const amounts = isQuick
  ? [100, 1000, 10_000].map((count) => ({ count, rounds: 3 }))
  : [
      { count: 100, rounds: 15 },
      { count: 1000, rounds: 15 },
      { count: 10_000, rounds: 45 },
      { count: 100_000, rounds: 4 },
    ]
/** The number of messages that costs are judged by: enough that the overhead of a run does not count. */
const judged = 10_000

const pings = { bytes: 100, count: isQuick ? 200 : 500, rounds: isQuick ? 2 : 5 }

const timeRows: string[][] = []
const costRows: string[][] = []
const latencyRows: string[][] = []
const heapRows: string[][] = []

const executable = findChromium()
if (executable) await measure(await openBench(executable, groups))
else console.log('!!!!  NOT RUN: no Chromium was found  !!!!')

if (executable && flags.includes('--write')) {
  const measured = ['transport', 'message', 'by']
  writeDocument({
    'browser-cost': formatColumns([...measured, 'main thread', 'of raw', 'script', 'of raw'], costRows),
    'browser-heap': formatColumns([...measured, 'allocated', 'more than raw', 'kept'], heapRows),
    'browser-latency': formatColumns(['transport', 'by', 'p50', 'p95', 'p99'], latencyRows),
    'browser-time': formatColumns([...measured, ...amounts.map(({ count }) => thousands(count))], timeRows),
    'browser-versions': formatVersions(packages),
  })
}

async function measure(bench: Bench): Promise<void> {
  try {
    // Sampling the heap has code compiled anew, so it comes last. The floods come first, and warm up what follows.
    for (const group of groups) await measureFloods(bench, group)
    for (const group of groups) await measureLatency(bench, group)
    for (const group of groups) for (const size of sizes) await measureHeap(bench, group, size)
  } finally {
    await bench.close()
  }
}

async function measureFloods(bench: Bench, group: Group): Promise<void> {
  const names = bench.names(group)
  for (const { name: size, bytes } of sizes) {
    await bench.flood(group, bytes, judged, isQuick ? 1 : 3)
    const times = new Map<string, string[]>()
    for (const { count, rounds } of amounts) {
      const runs = await bench.flood(group, bytes, count, rounds)
      console.log(`\n${group.name}, ${thousands(count)} messages of ${size}, ${rounds} rounds`)
      for (const direction of ['receive', 'send'] as const) {
        for (const [index, own] of runs[direction].entries()) {
          if (!own.length) continue
          const row = [`${group.name}, ${verb(direction)}`, size, names[index] ?? '']
          const summary = summarize(own, runs[direction][0] ?? [], count)
          const time = summary.time + (index ? ` (${summary.timeRatio})` : '')
          times.set(row.join('|'), [...(times.get(row.join('|')) ?? []), time])
          if (count === judged) costRows.push([...row, ...columns(summary, index, direction)])
          const { thread, threadRatio, task, taskRatio, script, scriptRatio } = summary
          const scripts = isKnown(summary, direction) ? `  script ${script} µs (${scriptRatio})` : ''
          console.log(
            `  ${direction.padEnd(9)}${(names[index] ?? '').padEnd(24)}${time.padEnd(18)}main thread ${thread} µs (${threadRatio})  tasks ${task} µs (${taskRatio})${scripts}`,
          )
        }
      }
    }
    for (const [row, cells] of times) timeRows.push([...row.split('|'), ...cells])
  }
}

function summarize(own: readonly Run[], base: readonly Run[], count: number) {
  const values = (runs: readonly Run[], what: keyof Run) => runs.map((run) => run[what])
  const ratio = (what: keyof Run) => digits(compareRounds(values(own, what), values(base, what)))
  const each = (what: keyof Run) => digits((median(values(own, what)) / count) * 1e6)
  return {
    time: `${digits(median(values(own, 'milliseconds')))} ms`,
    timeRatio: ratio('milliseconds'),
    thread: each('thread'),
    threadRatio: ratio('thread'),
    task: each('task'),
    taskRatio: ratio('task'),
    script: each('script'),
    scriptRatio: ratio('script'),
  }
}

type Summary = ReturnType<typeof summarize>

function columns(summary: Summary, index: number, direction: Direction): string[] {
  const { thread, threadRatio, script, scriptRatio } = summary
  const scripts = isKnown(summary, direction) ? [`${script} µs`, index ? scriptRatio : ''] : ['', '']
  return [`${thread} µs`, index ? threadRatio : '', ...scripts]
}

/** The time of scripts is known only where handlers are called one by one: it leaves out what runs in microtasks. */
function isKnown({ script }: Summary, direction: Direction): boolean {
  return direction === 'receive' && Number(script) > 0.1
}

async function measureLatency(bench: Bench, group: Group): Promise<void> {
  const { bytes, count, rounds } = pings
  const times = await bench.pingPong(group, bytes, count, rounds)
  console.log(`\n${group.name}, ${count * rounds} ping-pongs of ${bytes} B`)
  for (const [index, name] of bench.names(group).entries()) {
    const cells = [50, 95, 99].map((percent) => `${percentile(times[index] ?? [], percent).toFixed(2)} ms`)
    latencyRows.push([group.name, name, ...cells])
    console.log(`  ${name.padEnd(24)}p50, p95, p99: ${cells.join(', ')}`)
  }
}

async function measureHeap(bench: Bench, group: Group, { name: size, bytes }: (typeof sizes)[number]): Promise<void> {
  const heaps = await bench.heap(group, bytes, 2 * judged)
  for (const direction of ['receive', 'send'] as const) {
    if (!heaps[direction].length) continue
    console.log(`\n${group.name}, ${verb(direction)} messages of ${size}`)
    for (const [index, { allocated, kept }] of heaps[direction].entries()) {
      const name = bench.names(group)[index] ?? ''
      const more = allocated - (heaps[direction][0]?.allocated ?? 0)
      const cells = [
        `${allocated.toFixed(0)} B`,
        index ? `${more.toFixed(0)} B` : '',
        `${Math.max(0, kept).toFixed(0)} B`,
      ]
      heapRows.push([`${group.name}, ${verb(direction)}`, size, name, ...cells])
      console.log(`  ${name.padEnd(24)}allocated ${cells[0]} (${cells[1] || 'raw'}), kept ${kept.toFixed(1)} B`)
    }
  }
}

function verb(direction: Direction): string {
  return direction === 'receive' ? 'receives' : 'sends'
}

function thousands(count: number): string {
  return count.toLocaleString('en-US')
}

/** Two decimals below ten, one below a hundred, none from there on. */
function digits(value: number): string {
  return value >= 99.5 ? value.toFixed(0) : value >= 9.95 ? value.toFixed(1) : value.toFixed(2)
}

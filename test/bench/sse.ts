/**
 * `npm run bench:sse`: how fast event streams are read, by holdfast and by others, over the same bytes. Prints what was measured;
 * `npm run bench:sse -- --write` puts the ratios into docs/performance.md. `-- --quick` takes few rounds, to see that it runs.
 */
import { findChromium } from '../browser/chromium.ts'
import { formatColumns } from '../checks/markdown-table.ts'
import { loadContender } from './bundle.ts'
import { formatVersions, writeDocument } from './document.ts'
import { measureInChromium } from './in-chromium.ts'
import { measureInNode } from './in-node.ts'
import { createWorkload, cut, kinds } from './workloads.ts'

/** The first is what the others are compared with. */
const inNode = [
  'bare-loop',
  'client',
  'read-events',
  'event-stream-decoder',
  'fetch-event-source',
  'eventsource',
  'openai-decoder',
  'openai-stream',
]
const inChromium = ['native-event-source', 'bare-loop', 'client', 'read-events']
const packages = ['eventsource-parser', '@microsoft/fetch-event-source', 'eventsource', 'openai']

/**
 * Enough bytes that a request's own cost is not what is measured, and that they come from memory rather than from a cache. Small
 * chunks get fewer, since each of them costs a turn of the event loop.
 */
const cuts = [
  { name: '64 kB', size: 65_536, total: 16_000_000 },
  { name: '1.4 kB', size: 1400, total: 8_000_000 },
  { name: '16 B', size: 16, total: 1_000_000 },
]

const flags = process.argv.slice(2)
const rounds = flags.includes('--quick') ? 3 : 15

const nodeRows: string[][] = []
const rateRows: string[][] = []
const threadRows: string[][] = []
let nodeNames: readonly string[] = []
let pageNames: readonly string[] = []

const streams = kinds.flatMap((kind) =>
  cuts.map((one) => {
    const workload = createWorkload(kind, one.total)
    return { ...one, workload, chunks: cut(workload.bytes, one.size) }
  }),
)

const contenders = await Promise.all(inNode.map(loadContender))
for (const { name, workload, chunks } of streams) {
  const measured = await measureInNode(contenders, workload, chunks, rounds)
  nodeNames = measured.map((one) => one.name)
  nodeRows.push([workload.name, name, ...measured.slice(1).map(({ ratio }) => digits(ratio))])
  console.log(`\nNode, ${workload.name} in chunks of ${name}: ${workload.events} events`)
  for (const { name, ratio, milliseconds } of measured)
    console.log(`  ${name.padEnd(28)}${digits(ratio).padEnd(6)}${rates(workload, milliseconds)}`)
}

const executable = findChromium()
if (executable) {
  // Smaller writes than these are put together on their way: a browser does not see them.
  const sent = streams.filter(({ size }) => size > 16)
  await measureInChromium(executable, inChromium, sent, rounds, (stream, measured) => {
    const { workload } = stream
    const { name } = stream as (typeof sent)[number]
    pageNames = measured.map((one) => one.name)
    rateRows.push([workload.name, name, ...measured.slice(1).map(({ rate }) => digits(rate))])
    threadRows.push([workload.name, name, ...measured.slice(1).map(({ mainThread }) => digits(mainThread))])
    console.log(`\nChromium, ${workload.name} in writes of ${name}: ${workload.events} events`)
    for (const { name, rate, mainThread, task, milliseconds } of measured) {
      const thread = `main thread ${digits(mainThread)}, ${task.toFixed(2)} µs/event`
      console.log(`  ${name.padEnd(28)}${digits(rate).padEnd(6)}${rates(workload, milliseconds)}  ${thread}`)
    }
  })
} else console.log('\n!!!!  NOT RUN: the part in Chromium, since none was found  !!!!')

if (flags.includes('--write')) {
  const head = (names: readonly string[]) => ['events', 'chunks', ...names.slice(1)]
  writeDocument({
    node: formatColumns(head(nodeNames), nodeRows),
    ...(executable && {
      rate: formatColumns(head(pageNames), rateRows),
      thread: formatColumns(head(pageNames), threadRows),
    }),
    versions: formatVersions(packages),
  })
}

function rates({ events, bytes }: { events: number; bytes: Uint8Array }, milliseconds: number): string {
  const perSecond = Number(((events / milliseconds) * 1000).toPrecision(3)).toLocaleString('en-US')
  return `${perSecond.padStart(11)} events/s ${(bytes.length / milliseconds / 1000).toFixed(1).padStart(7)} MB/s`
}

/** Two decimals; none from ten on, and one significant digit below a tenth. */
function digits(ratio: number): string {
  return ratio >= 9.95 ? ratio.toFixed(0) : ratio >= 0.095 ? ratio.toFixed(2) : ratio.toPrecision(1)
}

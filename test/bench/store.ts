/**
 * `npm run bench:store`: how often a page is drawn that receives 20,000 messages a second and shows counts of them. Prints what was
 * measured; `npm run bench:store -- --write` puts it into docs/performance.md, `-- --quick` takes one round.
 */
import { launch, type Page } from 'puppeteer-core'
import { chromiumArguments, findChromium } from '../browser/chromium.ts'
import { formatColumns } from '../checks/markdown-table.ts'
import { bundleForPage } from './bundle.ts'
import { startChannelServer } from './channel-server.ts'
import { writeDocument } from './document.ts'
import { median } from './median.ts'
import type { Measured } from './store-page.ts'

const flags = process.argv.slice(2)
const rounds = flags.includes('--quick') ? 1 : 5
const perSecond = 20_000
const bytes = 100
const warmUp = 1000
const span = 4000

interface Run extends Measured {
  /** Seconds of the processor that the main thread has used. */
  readonly thread: number
}

const executablePath = findChromium()
if (executablePath) report(await measureWays(executablePath))
else console.log('!!!!  NOT RUN: no Chromium was found  !!!!')

async function measureWays(executablePath: string): Promise<ReadonlyMap<string, readonly Run[]>> {
  const server = await startChannelServer()
  // As with the other benchmarks in pages: with the DevTools domain "Network", a WebSocket takes nearly twice the time.
  const browser = await launch({
    executablePath,
    args: chromiumArguments,
    pipe: true,
    networkEnabled: false,
    issuesEnabled: false,
  })
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    await page.evaluate(await bundleForPage('../store-page', 'benchmark'))
    const names = (await page.evaluate('benchmark.ways.map(({ name }) => name)')) as string[]
    const runs = new Map<string, Run[]>(names.map((name) => [name, []]))
    const order = [...names.keys()]
    for (let round = 0; round < rounds; round += 1) {
      for (const way of order) runs.get(names[way] ?? '')?.push(await run(page, way))
      // So that nobody always comes after the same neighbour.
      order.reverse()
    }
    return runs
  } finally {
    await browser.close()
    await server.close()
  }
}

async function run(page: Page, way: number): Promise<Run> {
  const devtools = await page.createCDPSession()
  await devtools.send('Performance.enable')
  const thread = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN
  }
  await page.evaluate(`benchmark.begin(${way}, ${bytes}, ${perSecond}, ${warmUp})`)
  const before = await thread()
  const measured = (await page.evaluate(`benchmark.measure(${span})`)) as Measured
  const used = (await thread()) - before
  await page.evaluate('benchmark.end()')
  await devtools.detach()
  return { ...measured, thread: used }
}

function report(runs: ReadonlyMap<string, readonly Run[]>): void {
  const rows = [...runs].map(([name, own]) => {
    const each = (value: (run: Run) => number) => median(own.map(value))
    return [
      name,
      each(({ frames, seconds }) => frames / seconds).toFixed(1),
      `${each(({ pause }) => pause).toFixed(0)} ms`,
      Math.round(each(({ messages, seconds }) => messages / seconds)).toLocaleString('en-US'),
      Math.round(each(({ drawn, seconds }) => drawn / seconds)).toLocaleString('en-US'),
      `${(each(({ thread, seconds }) => thread / seconds) * 100).toFixed(0)} %`,
    ]
  })
  const table = formatColumns(
    ['by', 'frames per second', 'longest pause', 'messages per second', 'drawn per second', 'main thread'],
    rows,
  )
  console.log(table)
  if (flags.includes('--write')) writeDocument({ store: table })
}

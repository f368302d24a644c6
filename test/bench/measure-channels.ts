/**
 * Every contender in one page of Chromium, against one server, one after another, round by round. The DevTools domain "Network" is off:
 * with it, a WebSocket takes nearly twice the time and an EventSource several times as much, while fetch does not.
 */
import { type CDPSession, launch, type Page } from 'puppeteer-core'
import { chromiumArguments } from '../browser/chromium.ts'
import { bundleForPage } from './bundle.ts'
import { startChannelServer } from './channel-server.ts'
import { sumTicks } from './ticks.ts'

/** One of the browser's ways to a server, and the contenders that use it; the first is the raw one. */
export interface Group {
  readonly name: string
  readonly scheme: 'ws' | 'http'
  readonly files: readonly string[]
}

/** What one round of one contender has taken. */
export interface Run {
  readonly milliseconds: number
  /** Seconds of the main thread: those in which it had a processor, those of its tasks by the clock, and of these those in scripts. */
  readonly thread: number
  readonly task: number
  readonly script: number
}

export type Direction = 'receive' | 'send'

/** What one contender allocates in JavaScript's heap, and what of it is left after a collection: bytes for each message. */
export interface Heap {
  readonly allocated: number
  readonly kept: number
}

export interface Bench {
  names(group: Group): readonly string[]
  /** So many rounds of all contenders, by contender. */
  flood(group: Group, bytes: number, count: number, rounds: number): Promise<Readonly<Record<Direction, Run[][]>>>
  /** Milliseconds of every ping-pong of all rounds, by contender. */
  pingPong(group: Group, bytes: number, count: number, rounds: number): Promise<number[][]>
  heap(group: Group, bytes: number, count: number): Promise<Readonly<Record<Direction, Heap[]>>>
  close(): Promise<void>
}

export async function openBench(executablePath: string, groups: readonly Group[]): Promise<Bench> {
  const server = await startChannelServer()
  const browser = await launch({
    executablePath,
    args: [...chromiumArguments, '--js-flags=--expose-gc'],
    pipe: true,
    networkEnabled: false,
    issuesEnabled: false,
  })
  const page = await browser.newPage()
  const devtools = await page.createCDPSession()
  await devtools.send('Performance.enable')
  await page.goto(server.url)
  if (!(await page.evaluate('crossOriginIsolated'))) throw new Error('the page has only a coarse clock')
  await page.evaluate(await bundleForPage('../channel-page', 'benchmark'))
  const names = new Map<Group, string[]>()
  for (const [at, group] of groups.entries()) {
    const own: string[] = []
    for (const [index, file] of group.files.entries()) {
      const variable = `contender${at}x${index}`
      await page.evaluate(await bundleForPage(`../channels/${file}`, variable))
      own.push((await page.evaluate(`${variable}.channel.name`)) as string)
    }
    names.set(group, own)
  }

  function use<T>(group: Group, index: number, bytes: number, work: () => Promise<T>): Promise<T> {
    return useChannel(page, `contender${groups.indexOf(group)}x${index}.channel`, group.scheme, bytes, work)
  }

  return {
    names: (group) => names.get(group) ?? [],
    async flood(group, bytes, count, rounds) {
      const runs: Record<Direction, Run[][]> = { receive: group.files.map(() => []), send: group.files.map(() => []) }
      await inRounds(group.files.length, rounds, (index) =>
        use(group, index, bytes, async () => {
          for (const direction of directions(group))
            runs[direction][index]?.push(await timed(page, devtools, call(direction, count, bytes)))
        }),
      )
      return runs
    },
    async pingPong(group, bytes, count, rounds) {
      const times: number[][] = group.files.map(() => [])
      await inRounds(group.files.length, rounds, (index) =>
        use(group, index, bytes, async () => {
          times[index]?.push(...((await page.evaluate(`benchmark.pingPong(${count}, ${bytes})`)) as number[]))
        }),
      )
      return times
    },
    async heap(group, bytes, count) {
      const heaps: Record<Direction, Heap[]> = { receive: [], send: [] }
      for (const index of group.files.keys())
        await use(group, index, bytes, async () => {
          for (const direction of directions(group))
            heaps[direction].push(await weighed(page, devtools, call(direction, count, bytes), count))
        })
      return heaps
    },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

function directions({ scheme }: Group): readonly Direction[] {
  return scheme === 'ws' ? ['receive', 'send'] : ['receive']
}

/** At most so many bytes are on their way to the server at a time. */
const batchBytes = 1_000_000

function call(direction: Direction, count: number, bytes: number): string {
  if (direction === 'receive') return `benchmark.receive(${count}, ${sumTicks(count, bytes)})`
  return `benchmark.send(${count}, ${bytes}, ${Math.min(count, batchBytes / bytes)})`
}

async function inRounds(count: number, rounds: number, run: (index: number) => Promise<void>) {
  const order = Array.from({ length: count }, (_, index) => index)
  for (let round = 0; round < rounds; round += 1) {
    for (const index of order) await run(index)
    // So that nobody always comes after the same neighbour.
    order.reverse()
  }
}

async function useChannel<T>(page: Page, channel: string, scheme: string, bytes: number, work: () => Promise<T>) {
  await page.evaluate(`benchmark.open(${channel}, '${scheme}', ${bytes})`)
  const result = await work()
  await page.evaluate('benchmark.close()')
  return result
}

async function timed(page: Page, devtools: CDPSession, expression: string): Promise<Run> {
  await page.evaluate('benchmark.collect()')
  const before = await readMetrics(devtools)
  const milliseconds = (await page.evaluate(expression)) as number
  const after = await readMetrics(devtools)
  const spent = (name: string) => (after.get(name) ?? Number.NaN) - (before.get(name) ?? Number.NaN)
  return { milliseconds, thread: spent('ThreadTime'), task: spent('TaskDuration'), script: spent('ScriptDuration') }
}

/** Not by `page.metrics()`, which leaves out the time of the processor. */
async function readMetrics(devtools: CDPSession): Promise<ReadonlyMap<string, number>> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return new Map(metrics.map(({ name, value }) => [name, value]))
}

/** Measures by sampling, which also counts what has been collected in between. Runs it once before, since new code allocates more. */
async function weighed(page: Page, devtools: CDPSession, expression: string, count: number): Promise<Heap> {
  await page.evaluate(expression)
  const before = await usedSize(devtools)
  await devtools.send('HeapProfiler.startSampling', {
    samplingInterval: 256,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  await page.evaluate(expression)
  const { profile } = await devtools.send('HeapProfiler.stopSampling')
  const size = ({ selfSize, children }: typeof profile.head): number =>
    children.reduce((sum, child) => sum + size(child), selfSize)
  return { allocated: size(profile.head) / count, kept: ((await usedSize(devtools)) - before) / count }
}

async function usedSize(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage')
  return (await devtools.send('Runtime.getHeapUsage')).usedSize
}

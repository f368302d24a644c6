/**
 * Every contender in one page of Chromium, from one server, one after another, round by round. The DevTools domain "Network" is
 * off: with it, a native EventSource is several times slower, and fetch is not.
 */
import { launch, type Page } from 'puppeteer-core'
import { chromiumArguments } from '../browser/chromium.ts'
import { bundleForPage } from './bundle.ts'
import { median } from './median.ts'
import { startStreamServer } from './stream-server.ts'
import type { Workload } from './workloads.ts'

export interface MeasuredInPage {
  readonly name: string
  readonly milliseconds: number
  /** How many times the rate of the first contender it is: the median of the ratios within each round. */
  readonly rate: number
  /** How many times the first contender's time of the main thread it is, likewise. */
  readonly mainThread: number
  /** Microseconds of the main thread for one event. */
  readonly task: number
}

export interface Stream {
  readonly workload: Workload
  readonly chunks: readonly Uint8Array[]
}

interface Run {
  readonly milliseconds: number
  readonly task: number
}

/** `told` hears of each stream when all have read it. */
export async function measureInChromium(
  executablePath: string,
  files: readonly string[],
  streams: readonly Stream[],
  rounds: number,
  told: (stream: Stream, measured: readonly MeasuredInPage[]) => void,
): Promise<void> {
  const server = await startStreamServer(streams.map(({ chunks }) => chunks))
  const browser = await launch({
    executablePath,
    args: [...chromiumArguments, '--js-flags=--expose-gc'],
    pipe: true,
    networkEnabled: false,
  })
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    await page.evaluate(await bundleForPage('../page', 'benchmark'))
    const names: string[] = []
    for (const [index, file] of files.entries()) {
      await page.evaluate(await bundleForPage(file, `contender${index}`))
      names.push((await page.evaluate(`contender${index}.contender.name`)) as string)
    }
    for (const [index, stream] of streams.entries()) {
      const runs = await runRounds(page, files.length, `${server.url}${index}`, stream.workload, rounds)
      told(stream, compare(names, runs, stream.workload.events))
    }
  } finally {
    await browser.close()
    await server.close()
  }
}

async function runRounds(page: Page, count: number, url: string, { events, checksum }: Workload, rounds: number) {
  const order = Array.from({ length: count }, (_, index) => index)
  const runs: Run[][] = order.map(() => [])
  for (let round = -2; round < rounds; round += 1) {
    for (const index of order) {
      const before = await page.metrics()
      const milliseconds = (await page.evaluate(
        `benchmark.read(contender${index}.contender, ${JSON.stringify(url)}, { events: ${events}, checksum: ${checksum} })`,
      )) as number
      const after = await page.metrics()
      // Not `ScriptDuration`, which leaves out what runs in microtasks: the whole of a loop that awaits.
      const task = (after.TaskDuration ?? 0) - (before.TaskDuration ?? 0)
      // The first rounds are for the compiler.
      if (round >= 0) runs[index]?.push({ milliseconds, task })
    }
    // So that nobody always comes after the same neighbour.
    order.reverse()
  }
  return runs
}

function compare(names: readonly string[], runs: readonly Run[][], events: number): readonly MeasuredInPage[] {
  return names.map((name, index) => {
    const own = runs[index] ?? []
    const relative = (what: keyof Run) => own.map((run, round) => run[what] / (runs[0]?.[round]?.[what] ?? 0))
    return {
      name,
      milliseconds: median(own.map(({ milliseconds }) => milliseconds)),
      rate: median(relative('milliseconds').map((share) => 1 / share)),
      mainThread: median(relative('task')),
      task: (median(own.map(({ task }) => task)) / events) * 1e6,
    }
  })
}

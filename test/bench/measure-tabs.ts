/**
 * Pages of one browser over one server, each in a process of its own as tabs are, with a link each or with one for all of them. Driven as
 * `measure-channels.ts` does, without the DevTools domain "Network".
 */
import { type CDPSession, launch, type Page } from 'puppeteer-core'
import { chromiumArguments } from '../browser/chromium.ts'
import { bundleForPage } from './bundle.ts'
import { startChannelServer } from './channel-server.ts'
import { sumTicks } from './ticks.ts'

/** So many pages, with a link for each of them or one that they share. */
export interface Arrangement {
  readonly pages: number
  readonly isShared: boolean
}

/** What one round has taken. */
export interface Flood {
  /** From asking the server until the last page has the last message. */
  readonly milliseconds: number
  /** Seconds of the main thread in which it had a processor, by page; the one that leads comes first. */
  readonly threads: readonly number[]
}

export interface TabsBench {
  flood(arrangement: Arrangement, bytes: number, count: number): Promise<Flood>
  /** Milliseconds of every ping-pong of one of the pages. */
  pingPong(arrangement: Arrangement, by: number, bytes: number, count: number): Promise<number[]>
  close(): Promise<void>
}

interface Tab {
  readonly page: Page
  readonly devtools: CDPSession
}

export async function openTabsBench(executablePath: string, most: number): Promise<TabsBench> {
  const server = await startChannelServer()
  const browser = await launch({
    executablePath,
    // Pages of one origin share a process as soon as there are a few, unless they are forbidden to.
    args: [...chromiumArguments, '--js-flags=--expose-gc', '--disable-features=ProcessPerSiteUpToMainFrameThreshold'],
    pipe: true,
    networkEnabled: false,
    issuesEnabled: false,
  })
  const script = await bundleForPage('../tabs-page', 'benchmark')
  const tabs: Tab[] = []
  for (let index = 0; index < most; index += 1) {
    const page = await browser.newPage()
    const devtools = await page.createCDPSession()
    await devtools.send('Performance.enable')
    await page.goto(server.url)
    if (!(await page.evaluate('crossOriginIsolated'))) throw new Error('the page has only a coarse clock')
    await page.evaluate(script)
    tabs.push({ page, devtools })
  }
  let channels = 0

  /** Opens the clients one after another, so that the first one leads, and closes them when the work is done. */
  async function use<T>(
    { pages, isShared }: Arrangement,
    bytes: number,
    work: (used: readonly Tab[], names: readonly string[]) => Promise<T>,
  ): Promise<T> {
    const used = tabs.slice(0, pages)
    const names: string[] = []
    for (const { page } of used) {
      if (!isShared || !names.length) channels += 1
      names.push(`${channels}`)
      await page.evaluate(`benchmark.open('${channels}', ${bytes}, ${isShared})`)
    }
    const result = await work(used, names)
    for (const { page } of [...used].reverse()) await page.evaluate('benchmark.close()')
    return result
  }

  return {
    flood(arrangement, bytes, count) {
      return use(arrangement, bytes, async (used, names) => {
        for (const { page } of used) await page.evaluate(`benchmark.expectMany(${count}, ${sumTicks(count, bytes)})`)
        const before = await Promise.all(used.map(readThread))
        const asked = [...new Set(names)]
        const begun = performance.now()
        await Promise.all(
          used.map(async ({ page }, index) => {
            const name = asked[index]
            if (name) await page.evaluate(`benchmark.ask('flood', '${name}', ${count})`)
            await page.evaluate('benchmark.gotAll()')
          }),
        )
        const milliseconds = performance.now() - begun
        const after = await Promise.all(used.map(readThread))
        return { milliseconds, threads: after.map((seconds, index) => seconds - (before[index] ?? Number.NaN)) }
      })
    },
    pingPong(arrangement, by, bytes, count) {
      return use(arrangement, bytes, async (used, names) => {
        const { page } = used[by] as Tab
        await page.evaluate(`benchmark.ask('answer', '${names[by]}', 1)`)
        return (await page.evaluate(`benchmark.pingPong(${count}, ${bytes})`)) as number[]
      })
    },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

async function readThread({ devtools }: Tab): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN
}

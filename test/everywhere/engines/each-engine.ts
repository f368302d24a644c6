/** The same tests in each engine. One that is not installed is reported loudly, and is a failure where `CI` is `true`. */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, type TestContext, test } from 'vitest'
import { distFolder } from '../../../docs/demo/web-app.ts'
import type { Complaints, Engine, EngineName, Profile, Tab } from './engine.ts'
import { findEngine } from './installed.ts'

/** Opens what a test needs, and takes it back when the test ends. */
export interface Browser {
  /**
   * Opens one in the profile that the file has: a test with a server of its own meets nobody else's storage, locks and channels. The tab may
   * have a history, since opening one takes ten times as long as leaving a page.
   */
  openTab(test: TestContext, url: string): Promise<Tab>
  /** The same, and what its page complains about. */
  openObserved(test: TestContext, url: string): Promise<readonly [tab: Tab, complaints: Complaints]>
  openProfile(test: TestContext): Promise<Profile>
}

/** One browser for the tests of a file: it starts before them and closes after them. */
export function eachEngine(names: readonly EngineName[], define: (browser: Browser, name: EngineName) => void): void {
  describe.each(names)('%s', (name) => {
    const installed = findEngine(name)
    if ('missing' in installed) {
      test(`runs none of the tests of this file`, ({ skip }) => {
        console.error(banner(name, installed.missing))
        if (process.env.CI === 'true') throw new Error(installed.missing)
        skip(installed.missing)
      })
      return
    }

    let engine: Engine | undefined
    let common: Promise<Profile> | undefined
    const freeTabs: Tab[] = []
    beforeAll(async () => {
      if (!existsSync(`${distFolder}holdfast.global.js`))
        throw new Error('The pages use the built library: run `npx tsup` first.')
      engine = await installed.start()
    })
    afterAll(() => engine?.close())

    const openProfile = async () => {
      if (!engine) throw new Error('There is a browser only while tests run.')
      return engine.openProfile()
    }
    const takeTab = async (context: TestContext): Promise<Tab> => {
      common ??= openProfile()
      const tab = freeTabs.pop() ?? (await (await common).open())
      let isClosed = false
      context.onTestFinished(async () => {
        if (isClosed) return
        await tab.goto('about:blank')
        freeTabs.push(tab)
      })
      return {
        ...tab,
        close() {
          isClosed = true
          return tab.close()
        },
      }
    }
    const browser: Browser = {
      async openTab(context, url) {
        const tab = await takeTab(context)
        await tab.goto(url)
        return tab
      },
      async openObserved(context, url) {
        const tab = await takeTab(context)
        return [tab, await tab.gotoObserved(url)]
      },
      async openProfile(context) {
        const profile = await openProfile()
        context.onTestFinished(() => profile.close())
        return profile
      },
    }
    define(browser, name)
  })
}

function banner(name: EngineName, reason: string): string {
  return [
    '!'.repeat(80),
    `!!  NOT RUN: the tests of this file in ${name}.`,
    `!!  ${reason}`,
    '!!  With CI=true this is a failure.',
    '!'.repeat(80),
    '',
  ].join('\n')
}

/** Finds the browsers of this machine: named by the environment, or where Debian puts them. */
import { existsSync, readdirSync } from 'node:fs'
import { findChromium } from '../../browser/chromium.ts'
import type { Engine, EngineName } from './engine.ts'
import { startChromium, startFirefox } from './playwright-engine.ts'
import { startWebKit } from './webkit-engine.ts'

/** What starts the browser, or what it lacks. */
export type Installed = { readonly start: () => Promise<Engine> } | { readonly missing: string }

export function findEngine(name: EngineName): Installed {
  return find[name]()
}

const find: Record<EngineName, () => Installed> = {
  chromium() {
    const path = findChromium()
    if (path === undefined) return missing('no Chromium was found', 'chromium', 'CHROMIUM')
    return { start: () => startChromium(path) }
  },

  firefox: () => findFirefox(),

  /** Storage is blocked for all sites, as a user may have it, and as frames of other sites have it with the defaults. */
  'firefox that blocks storage': () => findFirefox({ 'network.cookie.cookieBehavior': 2 }),

  webkit() {
    const driver = firstOf(process.env.WEBKIT_DRIVER, '/usr/bin/WebKitWebDriver')
    const browser = firstOf(process.env.WEBKIT_BROWSER, ...findMiniBrowsers())
    const xvfb = firstOf('/usr/bin/Xvfb')
    if (driver === undefined || browser === undefined)
      return missing('no WebKitWebDriver with its MiniBrowser was found', 'webkit2gtk-driver', 'WEBKIT_DRIVER')
    if (xvfb === undefined) return missing('WebKit needs a display, and no Xvfb was found', 'xvfb')
    return { start: () => startWebKit({ driver, browser, xvfb }) }
  },
}

function findFirefox(preferences?: Parameters<typeof startFirefox>[1]): Installed {
  const path = firstOf(process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox')
  if (path === undefined) return missing('no Firefox was found', 'firefox-esr', 'FIREFOX')
  return { start: () => startFirefox(path, preferences) }
}

function missing(reason: string, debianPackage: string, variable?: string): Installed {
  const named = variable === undefined ? '' : `, or name one: ${variable}=/path/to/it`
  return { missing: `${reason}: apt-get install -y --no-install-recommends ${debianPackage}${named}` }
}

/** `/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser`, and so on for other machines and versions. */
function findMiniBrowsers(): readonly string[] {
  const libraries = existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => name.includes('linux-gnu')) : []
  return libraries.flatMap((folder) =>
    readdirSync(`/usr/lib/${folder}`)
      .filter((name) => /^webkit(2gtk|gtk)-/.test(name))
      .map((name) => `/usr/lib/${folder}/${name}/MiniBrowser`),
  )
}

function firstOf(...candidates: readonly (string | undefined)[]): string | undefined {
  return candidates.find((path) => path !== undefined && path !== '' && existsSync(path))
}

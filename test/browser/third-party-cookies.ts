/**
 * A page in a browser profile of its own, in which pages of other sites may use cookies if their attributes allow that. The
 * contexts of the other tests are like private windows, where Chromium holds such cookies back whatever their attributes are.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import type { TestContext } from 'vitest'
import { chromiumArguments, findChromium } from './chromium.ts'

/** `CookieControlsMode::kOff` of Chromium. */
const preferences = { profile: { cookie_controls_mode: 0 } }

export async function openPageWithThirdPartyCookies(test: TestContext): Promise<Page> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-profile-'))
  test.onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  await mkdir(join(folder, 'Default'))
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences))

  const executablePath = findChromium()
  const context = await chromium.launchPersistentContext(folder, {
    ...(executablePath && { executablePath }),
    args: chromiumArguments,
  })
  test.onTestFinished(() => context.close())
  context.setDefaultTimeout(45_000)
  return context.newPage()
}

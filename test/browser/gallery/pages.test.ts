import { readdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, type TestContext, test } from 'vitest'
import { gallery } from '../../../docs/demo/gallery.ts'
import { pagesFolder } from '../../../docs/demo/web-app.ts'
import { eventually } from '../eventually.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { joinChat, readTexts, say } from './chat-page.ts'
import { findButton } from './connection-bar.ts'
import { listFaint } from './contrast.ts'

const newPage = useBrowser()

/** What shows that the page does what it is for, so that it is not judged while still empty. */
const alive = {
  'index.html': 'main .cards',
  'chat.html': '.status[data-status="open"]',
  'feed.html': '#log li:nth-child(5)',
  'answer.html': '#ask',
  'notifications.html': '#inbox li:nth-child(5)',
  'job.html': '#start',
  'hybrid.html': '.boat:nth-child(5)',
  'tabs.html': '#role[data-role="leader"]',
  'together.html': '#text:enabled',
  'game.html': '#players li',
  'dashboard.html': '#readings-table tbody tr:first-child',
  'compare.html': '#chart canvas',
  'script-tag.html': '#state[data-status="open"]',
}
const names = Object.keys(alive) as (keyof typeof alive)[]
const widths = [1200, 360]

describe.each(names)('%s', (name) => {
  test.for(widths)('loads without a failure and fits at %i px', async (width, context) => {
    const { page, failures } = await openPage(context, name, width)

    expect(failures).toEqual([])
    expect(await measure(page)).toEqual({ page: width, content: width })
  })

  test('all its controls are reached by Tab, in order, and show it', async (context) => {
    const { page } = await openPage(context, name, 1200)
    const controls = await listControls(page)

    expect(controls.length).toBeGreaterThan(3)
    expect(await tabThrough(page, controls.length)).toEqual(controls.map((control) => ({ control, isMarked: true })))
  })

  test('has a title, a language, one h1, no level of headings left out, and a name for every control', async (context) => {
    const { page } = await openPage(context, name, 1200)
    const { title, language, headings, nameless } = await page.evaluate(() => ({
      title: document.title,
      language: document.documentElement.lang,
      headings: [...document.querySelectorAll<HTMLElement>('h1, h2, h3, h4, h5, h6')]
        .filter((heading) => heading.checkVisibility())
        .map(({ tagName, innerText }) => ({ level: Number(tagName[1]), text: innerText.trim() })),
      nameless: [
        ...document.querySelectorAll<HTMLInputElement>(
          'input, select, textarea, progress, meter, button, a, canvas, section, [role="group"], [role="log"]',
        ),
      ]
        .filter((element) => {
          const labelledBy = document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent
          const label = element.getAttribute('aria-label') ?? labelledBy ?? element.labels?.[0]?.textContent ?? ''
          return (element.matches('button, a') ? element.textContent || label : label).trim() === ''
        })
        .map(({ outerHTML }) => outerHTML),
    }))

    expect(title).toMatch(/holdfast/)
    expect(language).toBe('en')
    expect(headings.filter(({ level }) => level === 1)).toHaveLength(1)
    expect(headings[0]?.level).toBe(1)
    expect(headings.filter(({ level }, index) => level > (headings[index - 1]?.level ?? 0) + 1)).toEqual([])
    expect(headings.filter(({ text }) => text === '')).toEqual([])
    expect(nameless).toEqual([])
  })

  test.for(['light', 'dark'] as const)('has no text that is hard to read, %s', async (colorScheme, context) => {
    const { page } = await openPage(context, name, 1200, colorScheme)

    expect(await listFaint(page, 4.5)).toEqual([])
    // Black on white has 21: with this limit every text of the page is found.
    expect((await listFaint(page, 22)).length).toBeGreaterThan(15)
  })

  test('on a phone every other page is reached with the keyboard, over the button for the menu', async (context) => {
    const { page } = await openPage(context, name, 360)
    const menu = page.getByRole('button', { name: 'Pages', exact: true })
    const links = page.locator('#pages a')
    expect(await links.first().isVisible()).toBe(false)

    await menu.press('Enter')
    await links.first().waitFor()
    expect(await measure(page)).toEqual({ page: 360, content: 360 })
    await page.keyboard.press('Tab')
    expect(await links.first().evaluate((link) => link === document.activeElement)).toBe(true)
    await page.keyboard.press('Escape')
    expect(await links.first().isVisible()).toBe(false)
    expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true)
  })
})

test('every page that there is, is in the menu, and is judged here', () => {
  const files = readdirSync(pagesFolder).filter((file) => file.endsWith('.html'))
  const listed = ['index.html', ...gallery.map(({ file }) => file)]

  expect([...names].sort()).toEqual(files.sort())
  expect(files.filter((file) => !listed.includes(file))).toEqual([])
})

test('every page is linked from every other one', async (context) => {
  const demo = await useDemo(context)
  const page = await newPage(context)

  for (const name of names) {
    await page.goto(`${demo.url}${name}`)
    const links = await page.locator('nav a').evaluateAll((all: HTMLAnchorElement[]) => all.map(({ href }) => href))
    expect(links).toEqual(['index.html', ...gallery.map(({ file }) => file)].map((other) => `${demo.url}${other}`))
    expect(await page.locator('nav a[aria-current="page"]').getAttribute('href')).toBe(name)
  }
})

test('the chat is usable with the keyboard alone', async (context) => {
  const { page } = await openPage(context, 'chat.html', 1200)
  await findButton(page, 'toggle').press('Space')
  await page.locator('.status[data-status="closed"]').waitFor()
  await findButton(page, 'toggle').press('Enter')
  await page.locator('.status[data-status="open"]').waitFor()

  await page.locator('#name').focus()
  await page.keyboard.type('Ana')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Written without a pointer')
  await page.keyboard.press('Enter')

  await eventually(() => readTexts(page)).toEqual(['Written without a pointer'])
})

test.for(widths)('long words and names do not widen the chat at %i px', async (width, context) => {
  const { page } = await openPage(context, 'chat.html', width)
  await joinChat(page, new URL('.', page.url()).href, 'W'.repeat(40))
  await say(page, 'x'.repeat(500))
  await eventually(async () => (await readTexts(page)).length).toBe(1)

  expect(await measure(page)).toEqual({ page: width, content: width })
})

async function openPage(
  context: TestContext,
  name: keyof typeof alive,
  width: number,
  colorScheme: 'light' | 'dark' = 'light',
) {
  const demo = await useDemo(context, { feedInterval: 50, noticeInterval: 1_000_000_000 })
  const page = await newPage(context, { viewport: { width, height: 800 }, colorScheme })
  const failures = listFailures(page)
  await page.goto(`${demo.url}${name}`)
  await page.locator(alive[name]).waitFor()
  return { page, failures }
}

function listFailures(page: Page): string[] {
  const failures: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) failures.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => failures.push(`thrown: ${error.message}`))
  page.on('requestfailed', (request) => failures.push(`failed: ${request.url()}`))
  page.on('response', (response) => {
    if (response.status() >= 400) failures.push(`${response.status()}: ${response.url()}`)
  })
  return failures
}

/** The width of what could be scrolled to, and that of the boxes themselves, where something hides what is over. */
function measure(page: Page): Promise<{ page: number; content: number }> {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll('body *')].map((element) => element.getBoundingClientRect())
    return {
      page: document.documentElement.scrollWidth,
      content: Math.max(document.documentElement.clientWidth, ...boxes.map(({ right }) => Math.ceil(right))),
    }
  })
}

/** Everything that one can act on, in the order of the document. */
function listControls(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [tabindex]')]
      .filter((element) => element.checkVisibility())
      .map((element) => element.id || element.innerText),
  )
}

function tabThrough(page: Page, count: number): Promise<{ control: string; isMarked: boolean }[]> {
  return Array.from({ length: count }).reduce<Promise<{ control: string; isMarked: boolean }[]>>(async (before) => {
    const reached = await before
    await page.keyboard.press('Tab')
    const here = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement
      return { control: element.id || element.innerText, isMarked: getComputedStyle(element).outlineStyle !== 'none' }
    })
    return [...reached, here]
  }, Promise.resolve([]))
}

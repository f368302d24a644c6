import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Page } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import { answerTo } from '../../../docs/demo/model.ts'
import type { DemoOptions } from '../../../docs/demo/server.ts'
import { eventually } from '../eventually.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { readBar, waitForStatus } from './connection-bar.ts'

const newPage = useBrowser()

/** An answer takes some six seconds: time enough to break it in the middle, on a busy machine too. */
const tokenInterval = 60

const question = 'Wie weit ist es nach Ærø? 🌊'
const tokens = answerTo(question)
const whole = tokens.join('')

test.concurrent('an answer is shown as it comes, and in the end whole', async (context) => {
  const { page, seen } = await ask(context)
  await waitForTokens(page, 3)
  const early = await readAnswer(page)
  await waitForEnd(page)

  expect(whole.startsWith(early)).toBe(true)
  expect(early.length).toBeLessThan(whole.length)
  expect(await readAnswer(page)).toBe(whole)
  expect(await readWords(page)).toBe('Complete')
  expect(await readSeen(seen)).toMatchObject([{ lastEventId: undefined, isWhole: true }])
})

test.concurrent('[RS2] the line is cut in the middle: the answer goes on with the next token', async (context) => {
  const { page, seen } = await ask(context)
  await waitForTokens(page, 5)
  await page.locator('#cut').click()
  await waitForEnd(page)

  expect(await readAnswer(page)).toBe(whole)
  expect(await readCounts(page)).toEqual({ tokens: tokens.length, missing: 0, repeated: 0, connections: 2 })
  expect(await readSeen(seen)).toMatchObject([
    { lastEventId: undefined, isWhole: false },
    { lastEventId: expect.stringMatching(/^\d+-\d+$/), isWhole: true },
  ])
})

test.concurrent('[RS2] the line is cut three times, the answer is the same', async (context) => {
  const { page, demo, seen } = await ask(context)
  for (const connections of [1, 2, 3]) {
    await eventually(async () => (await readCounts(page)).connections).toBe(connections)
    const { tokens: before = 0 } = await readCounts(page)
    await waitForTokens(page, before + 1)
    demo.sockets.restart(0)
  }
  await waitForEnd(page)

  expect(await readAnswer(page)).toBe(whole)
  expect(await readCounts(page)).toEqual({ tokens: tokens.length, missing: 0, repeated: 0, connections: 4 })
  expect(seen).toHaveLength(4)
})

test.concurrent('what was written while the server was away comes at once, and nothing twice', async (context) => {
  const { page, demo } = await ask(context)
  await waitForTokens(page, 5)
  demo.sockets.stop()
  await waitForStatus(page, 'waiting')
  const early = await readAnswer(page)
  demo.sockets.start()
  await waitForEnd(page)

  expect(whole.startsWith(early)).toBe(true)
  expect(await readAnswer(page)).toBe(whole)
  expect(await readCounts(page)).toMatchObject({ tokens: tokens.length, missing: 0, repeated: 0 })
})

test.concurrent('a restart of the whole server in the middle is no more than a cut', async (context) => {
  const { page, demo } = await ask(context)
  await waitForTokens(page, 5)
  await demo.close()
  await waitForStatus(page, 'waiting')
  await useDemo(context, { port: Number(new URL(demo.url).port), tokenInterval })
  await waitForEnd(page)

  expect(await readAnswer(page)).toBe(whole)
  expect(await readCounts(page)).toMatchObject({ missing: 0, repeated: 0 })
})

test.concurrent('[FS6] "Stop" keeps what is there, the server sees the abort, and nothing more is asked', async (context) => {
  const { page, demo, seen } = await ask(context)
  await waitForTokens(page, 3)
  await page.locator('#stop').click()
  await eventually(() => demo.sockets.status.eventStreams).toBe(0)
  const kept = await readAnswer(page)

  expect(whole.startsWith(kept)).toBe(true)
  expect(kept.length).toBeLessThan(whole.length)
  expect(await readWords(page)).toBe('Stopped')
  expect(await readSeen(seen)).toMatchObject([{ isWhole: false }])
  // The focus is where one can go on.
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('question')
})

test.concurrent('[FS6] another question ends the answer under way, and none of its tokens comes into the new one', async (context) => {
  const { page, seen } = await ask(context)
  await waitForTokens(page, 3)
  await submit(page, 'Another one?')
  await waitForEnd(page)

  expect(await readAnswer(page)).toBe(answerTo('Another one?').join(''))
  expect(answerTo('Another one?').join('')).not.toBe(whole)
  expect(await readSeen(seen)).toMatchObject([{ isWhole: false }, { lastEventId: undefined, isWhole: true }])
})

test.concurrent('a question that the server does not take is told, with the reason', async (context) => {
  const { page } = await ask(context, {}, ' \u2003 ')
  await waitForEnd(page)

  expect(await readAnswer(page)).toBe('')
  expect(await readWords(page)).toBe('Failed: Answered with 400.')
})

test.for([1200, 360])('the whole answer, and the buttons beside it, fit at %i px', async (width, context) => {
  const { page } = await ask(context, {}, question, width)
  await waitForTokens(page, 3)
  const during = await measure(page)
  await waitForEnd(page)

  expect([during, await measure(page)]).toEqual([width, width])
})

test.for(['light', 'dark'] as const)('text and ground differ enough to be read, %s', async (colorScheme, context) => {
  const { page } = await ask(context, { tokenInterval: 5 }, question, 360, colorScheme)
  await waitForEnd(page)

  expect(await readContrast(page, '#answer')).toBeGreaterThan(7)
  expect(await readContrast(page, '.words')).toBeGreaterThan(4.5)
})

async function ask(
  context: TestContext,
  options: DemoOptions = {},
  words = question,
  width = 1200,
  colorScheme: 'light' | 'dark' = 'light',
) {
  const demo = await useDemo(context, { tokenInterval, ...options })
  const page = await newPage(context, { viewport: { width, height: 800 }, colorScheme })
  const seen = listAnswers(context, new URL(demo.url).host)
  await page.goto(`${demo.url}answer.html`)
  await submit(page, words)
  return { demo, page, seen }
}

async function submit(page: Page, words: string): Promise<void> {
  await page.locator('#question').fill(words)
  await page.locator('#question').press('Enter')
}

interface SeenAnswer {
  readonly lastEventId: string | undefined
  /** False where the client was gone before the end, `undefined` while it is being written. */
  isWhole?: boolean
}

/** The answers that the server gives from now on, as the server itself sees them. */
function listAnswers(context: TestContext, host: string): SeenAnswer[] {
  const answers: SeenAnswer[] = []
  const listen = (message: unknown) => {
    const { request, response } = message as { readonly request: IncomingMessage; readonly response: ServerResponse }
    if (request.headers.host !== host || request.url !== '/answer') return
    const answer: SeenAnswer = { lastEventId: request.headers['last-event-id'] as string | undefined }
    answers.push(answer)
    once(response, 'close').then(() => {
      answer.isWhole = response.writableFinished
    })
  }

  subscribe('http.server.request.start', listen)
  context.onTestFinished(() => void unsubscribe('http.server.request.start', listen))
  return answers
}

/** Every answer, when all of them have ended, which the server learns after the page. */
async function readSeen(seen: readonly SeenAnswer[]): Promise<readonly SeenAnswer[]> {
  await eventually(() => seen.every(({ isWhole }) => isWhole !== undefined)).toBe(true)
  return seen
}

async function waitForTokens(page: Page, count: number): Promise<void> {
  await eventually(async () => (await readCounts(page)).tokens ?? 0).toBeGreaterThan(count - 1)
}

function waitForEnd(page: Page): Promise<void> {
  return waitForStatus(page, 'closed')
}

/** Exactly as it stands in the document. */
async function readAnswer(page: Page): Promise<string> {
  return (await page.locator('#answer').textContent()) ?? ''
}

function readWords(page: Page): Promise<string> {
  return readBar(page)
}

function readCounts(page: Page): Promise<Record<string, number>> {
  return page.evaluate(() => {
    const names = ['tokens', 'missing', 'repeated', 'connections']
    return Object.fromEntries(names.map((id) => [id, Number(document.getElementById(id)?.textContent)]))
  })
}

function measure(page: Page): Promise<number> {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll('body *')].map((element) => element.getBoundingClientRect())
    return Math.max(document.documentElement.scrollWidth, ...boxes.map(({ right }) => Math.ceil(right)))
  })
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function readContrast(page: Page, selector: string): Promise<number> {
  return page.locator(selector).evaluate((element) => {
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
        const share = Number(part) / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const card = element.closest('section') ?? element
    const [dark = 0, light = 0] = [getComputedStyle(element).color, getComputedStyle(card).backgroundColor]
      .map(luminance)
      .sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  })
}

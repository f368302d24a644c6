/** The page of an app, with what it shows, what it holds, and all that went wrong in it. */
import type { Page } from 'playwright-core'
import type { TestContext } from 'vitest'
import { type Held, watchHost } from './watch-host.ts'

/** What Chromium says of dials that a stopped server has refused, and Lit in every build for development. */
const expected = /^(WebSocket connection to .* failed:|Lit is in dev mode)/

export interface ChatPage {
  /** Every error and warning of the page, but for the expected ones. */
  readonly wrong: readonly string[]
  read(): Promise<Shown>
  /** Presses the button that shows the room of the app's client, the room with its own, or none. */
  show(room: 'shared' | 'own' | 'none'): Promise<void>
  say(text: string): Promise<void>
  /** How many follow the stores of the app's client. */
  countSubscribers(): Promise<number>
  held(): Promise<Held>
  /** Whether the room is the one that a server has rendered. */
  isRendered(): Promise<boolean>
}

export interface Shown {
  readonly status: string
  readonly last: string
  readonly messages: readonly string[]
  readonly letters: string
}

export async function openChat(
  context: TestContext,
  newPage: (context: TestContext) => Promise<Page>,
  address: string,
): Promise<ChatPage> {
  const page = await newPage(context)
  const wrong: string[] = []
  page.on('console', (message) => {
    const isWrong = ['error', 'warning'].includes(message.type())
    if (isWrong && !expected.test(message.text())) wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(error.message))
  await page.addInitScript(watchHost)
  await page.goto(address)

  const text = async (selector: string) => (await page.locator(selector).textContent())?.trim() ?? ''
  return {
    wrong,
    read: async () => ({
      status: await text('#status'),
      last: await text('#last'),
      messages: (await page.locator('li').allTextContents()).map((line) => line.trim()),
      letters: await text('output'),
    }),
    async show(room) {
      await page.getByRole('button', { name: room, exact: true }).click()
      await page.locator('section').waitFor({ state: room === 'none' ? 'detached' : 'visible' })
    },
    async say(words) {
      await page.getByLabel('Message').fill(words)
      await page.getByRole('button', { name: 'Send' }).click()
    },
    countSubscribers: () => page.evaluate('countSubscribers()'),
    held: () => page.evaluate('held()'),
    isRendered: () => page.evaluate("document.querySelector('section').isRendered === true"),
  }
}

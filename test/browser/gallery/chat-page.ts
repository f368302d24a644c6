/** What a visitor of the chat page sees and does. */
import type { Page } from 'playwright-core'
import { waitForStatus } from './connection-bar.ts'

export interface ShownMessage {
  readonly id: string | undefined
  readonly from: string
  readonly text: string
  readonly isWaiting: boolean
}

/** Opens the chat and joins it under this name. */
export async function joinChat(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}chat.html`)
  await waitForStatus(page, 'open')
  await page.locator('#name').fill(name)
  await page.locator('#join').click()
  await page.locator('#people li', { hasText: name }).waitFor()
}

export async function say(page: Page, text: string): Promise<void> {
  await page.locator('#text').fill(text)
  await page.locator('#text').press('Enter')
}

/** The list of messages from top to bottom. */
export function readMessages(page: Page): Promise<ShownMessage[]> {
  return page.locator('#messages article.message').evaluateAll((entries: HTMLElement[]) =>
    entries.map((entry) => ({
      id: entry.dataset.id,
      from: entry.querySelector('.from')?.textContent ?? '',
      text: entry.querySelector('p')?.textContent ?? '',
      isWaiting: 'waiting' in entry.dataset,
    })),
  )
}

/** The texts that the server has confirmed, from top to bottom. */
export async function readTexts(page: Page): Promise<string[]> {
  const messages = await readMessages(page)
  return messages.filter(({ isWaiting }) => !isWaiting).map(({ text }) => text)
}

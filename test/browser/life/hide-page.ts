import { waitForPage } from './page-client.ts'
import type { Life } from './use-life.ts'

/** Puts another page of its window in front of it: it hears `visibilitychange`, and may be frozen from then on. */
export async function hidePage({ page, window }: Life): Promise<void> {
  const cover = await window.newPage()
  await cover.bringToFront()
  await waitForPage(page, 'hidden')
}

import { expect, test } from 'vitest'
import type { ConnectionState } from '../../../src/index.ts'
import { eventually } from '../eventually.ts'
import { goBack } from '../go-back.ts'
import { openClient, readDiary, transports, waitForEvent, waitForState } from './page-client.ts'
import { useLife } from './use-life.ts'

const openLife = useLife()

for (const transport of transports) {
  test.concurrent(`[LC2] ${transport}: a page that comes back from the cache dials once, without an error or a penalty`, async (context) => {
    const { page, server } = await openLife(context)
    await openClient(page, transport)
    await page.evaluate(noteState)

    // Another site, as a visitor's next one would be.
    await page.goto(`${server.url.replace('127.0.0.1', 'localhost')}away`)
    await eventually(() => server.live).toBe(0)
    await goBack(page)
    await waitForState(page, 'open')
    server.tell('hello')
    await waitForEvent(page, 'hello')

    // Chromium tells of the old socket's end only after the restore; a closed source has nothing to tell.
    if (transport === 'webSocket') {
      await eventually(async () => (await readDiary(page)).platform.includes('1 close')).toBe(true)
    }
    const diary = await readDiary(page)
    expect(diary.page).toContain('pageshow persisted')
    expect(await page.evaluate(() => window.leftIn)).toEqual({ status: 'suspended', reason: 'frozen' })
    expect(diary.states).toEqual(['connecting 1', 'open', 'suspended frozen', 'connecting 1', 'open'])
    expect({ errors: diary.errors, events: diary.events, live: server.live, dials: server.dials.length }).toEqual({
      errors: [],
      events: ['hello'],
      live: 1,
      dials: 2,
    })
  })
}

declare global {
  interface Window {
    leftIn?: ConnectionState
  }
}

/** In the page: notes how `pagehide` has left the client. Chromium freezes a page only after it. */
function noteState(): void {
  window.addEventListener('pagehide', () => {
    window.leftIn = window.subject.client.state
  })
}

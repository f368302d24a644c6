import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { openClient, readDiary, transports, waitForEvent, waitForState } from './page-client.ts'
import { useLife } from './use-life.ts'

const openLife = useLife()

for (const transport of transports) {
  test(`[LC2] ${transport}: a page that comes back from the cache dials once, without an error or a penalty`, async (context) => {
    const { page, server } = await openLife(context)
    await openClient(page, transport)

    // Another site, as a visitor's next one would be.
    await page.goto(`${server.url.replace('127.0.0.1', 'localhost')}away`)
    await eventually(() => server.live).toBe(0)
    await page.evaluate(() => history.back())
    await waitForState(page, 'open')
    server.tell('hello')
    await waitForEvent(page, 'hello')

    const diary = await readDiary(page)
    expect(diary.page).toContain('pageshow persisted')
    expect(diary.states).toEqual(['connecting 1', 'open', 'suspended frozen', 'connecting 1', 'open'])
    expect({ errors: diary.errors, events: diary.events, live: server.live, dials: server.dials.length }).toEqual({
      errors: [],
      events: ['hello'],
      live: 1,
      dials: 2,
    })
  })
}

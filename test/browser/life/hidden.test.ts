import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { hidePage } from './hide-page.ts'
import { openClient, readDiary, transports, waitForEvent, waitForPage, waitForState } from './page-client.ts'
import { useLife } from './use-life.ts'

const openLife = useLife()

for (const transport of transports) {
  test.concurrent(`[LC4] ${transport}: a page that stays hidden gives its link up, and takes it back when shown`, async (context) => {
    const life = await openLife(context)
    const { page, server } = life
    await openClient(page, transport, { lifecycle: { hidden: 200 } })

    await hidePage(life)
    await waitForState(page, 'suspended hidden')
    await eventually(() => server.live).toBe(0)
    await page.bringToFront()
    await waitForState(page, 'open')

    const { states, errors, page: told } = await readDiary(page)
    expect(told).toEqual(['hidden', 'visible'])
    expect(states).toEqual(['connecting 1', 'open', 'suspended hidden', 'connecting 1', 'open'])
    expect({ errors, live: server.live, dials: server.dials.length }).toEqual({ errors: [], live: 1, dials: 2 })
  })

  test.concurrent(`[LC4] ${transport}: a short hide does nothing`, async (context) => {
    const life = await openLife(context)
    const { page, server } = life
    await openClient(page, transport, { lifecycle: { hidden: 600_000 } })

    await hidePage(life)
    server.tell('hello')
    await waitForEvent(page, 'hello')
    await page.bringToFront()
    await waitForPage(page, 'visible')
    server.tell('again')
    await waitForEvent(page, 'again')

    const { states, errors } = await readDiary(page)
    expect({ states, errors, dials: server.dials.length }).toEqual({
      states: ['connecting 1', 'open'],
      errors: [],
      dials: 1,
    })
  })

  test.concurrent(`[BO5] ${transport}: a server that came back while the page was hidden is dialed as soon as the page is shown`, async (context) => {
    const life = await openLife(context)
    const { page, server } = life
    await openClient(page, transport, { reconnect: { minDelay: 600_000, maxDelay: 600_000 } })

    await hidePage(life)
    server.refuse()
    await waitForState(page, 'waiting 2')
    server.accept()
    const shownAt = Date.now()
    await page.bringToFront()
    await waitForState(page, 'open')
    console.log(`[BO5] ${transport}: open ${Date.now() - shownAt} ms after the page was shown`)

    const { states, errors } = await readDiary(page)
    expect(states).toEqual(['connecting 1', 'open', 'waiting 2', 'connecting 2', 'open'])
    expect(errors.map(({ code }) => code)).toEqual(['lost'])
    expect({ live: server.live, dials: server.dials.length }).toEqual({ live: 1, dials: 2 })
  })
}

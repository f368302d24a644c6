import type { CDPSession } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { hidePage } from './hide-page.ts'
import { openClient, readDiary, transports, waitForEvent, waitForPage, waitForState } from './page-client.ts'
import { type Life, useLife } from './use-life.ts'

const openLife = useLife()

for (const transport of transports) {
  test.concurrent(`[LC3] ${transport}: a page that is resumed before it is seen dials once, and has one link`, async (context) => {
    const life = await openLife(context)
    const { page } = life
    await openClient(page, transport)
    const cdp = await freeze(life)

    await cdp.send('Page.setWebLifecycleState', { state: 'active' })
    await waitForState(page, 'open')
    await page.bringToFront()
    await waitForPage(page, 'visible')

    await expectOneNewLink(life)
    expect((await readDiary(page)).page).toEqual(['hidden', 'freeze', 'resume', 'visible'])
  })

  test.concurrent(`[LC3] ${transport}: a page that is resumed by being seen dials once, and has one link`, async (context) => {
    const life = await openLife(context)
    const { page } = life
    await openClient(page, transport)
    await freeze(life)

    await page.bringToFront()
    await waitForState(page, 'open')

    await expectOneNewLink(life)
    const { page: told } = await readDiary(page)
    expect([...told].sort()).toEqual(['freeze', 'hidden', 'resume', 'visible'])
  })

  test.concurrent(`[LC3] ${transport}: a server that died and came back while the page was frozen costs one dial`, async (context) => {
    const life = await openLife(context)
    const { page, server } = life
    await openClient(page, transport)
    const cdp = await freeze(life)
    server.refuse()
    server.accept()

    await cdp.send('Page.setWebLifecycleState', { state: 'active' })
    await waitForState(page, 'open')

    await expectOneNewLink(life)
  })
}

/** Resolves when the page's link is gone. Chromium freezes no page that is seen. */
async function freeze(life: Life): Promise<CDPSession> {
  await hidePage(life)
  const cdp = await life.page.createCDPSession()
  await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
  await eventually(() => life.server.live).toBe(0)
  return cdp
}

async function expectOneNewLink({ page, server }: Life): Promise<void> {
  server.tell('hello')
  await waitForEvent(page, 'hello')

  const { states, errors, events } = await readDiary(page)
  expect(states).toEqual(['connecting 1', 'open', 'suspended frozen', 'connecting 1', 'open'])
  expect({ errors, events, live: server.live, dials: server.dials.length }).toEqual({
    errors: [],
    events: ['hello'],
    live: 1,
    dials: 2,
  })
}

import type { Page } from 'puppeteer-core'
import { expect, type TestContext, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { hidePage } from './hide-page.ts'
import { openClient, readDiary, type TransportName, waitForEvent } from './page-client.ts'
import { startServerProcess } from './server-process.ts'
import { type Life, useLife } from './use-life.ts'

const openLife = useLife()

const anHour = 3_600_000
/** Silence alone gives no reason to probe within any test. */
const patient = { idle: anHour / 2, timeout: 300 }
/** The next timer is near. */
const impatient = { idle: 1000, timeout: 300 }

/** What makes a page that slept look at its clock. */
const wakings = {
  'a page event': { heartbeat: patient, wake: hidePage },
  'a send': { heartbeat: patient, wake: ({ page }: Life) => page.evaluate(() => window.subject.client.send('hi')) },
  'the next timer': { heartbeat: impatient, wake: () => {} },
}

for (const [waking, { heartbeat, wake }] of Object.entries(wakings)) {
  test.concurrent(`[HB5] after sleep a WebSocket that still answers is probed once at ${waking}, and kept`, async (context) => {
    const life = await openLife(context)
    const { page, server } = life
    await openClient(page, 'webSocket', { heartbeat })

    await sleepAnHour(page)
    await wake(life)
    await eventually(() => server.received.includes('ping')).toBe(true)
    server.tell('hello')
    await waitForEvent(page, 'hello')

    const { states, errors, probes } = await readDiary(page)
    expect({ states, errors, probes: probes.length, dials: server.dials.length }).toEqual({
      states: ['connecting 1', 'open'],
      errors: [],
      probes: 1,
      dials: 1,
    })
  })

  test.concurrent(`[HB5] after sleep a WebSocket whose server is gone is probed and replaced, noticed at ${waking}`, async (context) => {
    const { life, slept } = await sleepBesideDyingServer(context, 'webSocket', heartbeat)
    const { page, server } = life

    await wake(life)
    await eventually(() => server.live).toBe(1)

    const { states, errors, probes } = await readDiary(page)
    console.log(`[HB5] webSocket, ${waking}: given up ${(errors[0]?.at ?? 0) - slept} ms after waking`)
    expect(errors.map(({ code }) => code)).toEqual(['silent'])
    expect({ states: states.slice(0, 3), probes: probes.length, dials: server.dials.length }).toEqual({
      // The first try again: by the clock, the link had been open for an hour.
      states: ['connecting 1', 'open', 'waiting 1'],
      probes: 1,
      dials: 1,
    })
  })
}

for (const waking of ['a page event', 'the next timer'] as const) {
  test.concurrent(`[HB5] after sleep an EventSource whose server is gone is replaced, noticed at ${waking}`, async (context) => {
    const { heartbeat, wake } = wakings[waking]
    const { life, slept } = await sleepBesideDyingServer(context, 'eventSource', heartbeat)
    const { page, server } = life

    await wake(life)
    await eventually(() => server.live).toBe(1)

    const { errors } = await readDiary(page)
    console.log(`[HB5] eventSource, ${waking}: given up ${(errors[0]?.at ?? 0) - slept} ms after waking`)
    expect(errors.map(({ code }) => code)).toEqual(['silent'])
    expect(server.dials.length).toBe(1)
  })
}

/** A page whose link leads to a server that stopped while the machine slept. `slept` is the page's time of waking. */
async function sleepBesideDyingServer(
  context: TestContext,
  transport: TransportName,
  heartbeat: { readonly idle: number; readonly timeout: number },
): Promise<{ life: Life; slept: number }> {
  const life = await openLife(context)
  const { page, server } = life
  const dying = await startServerProcess(context, 50)
  const urls = [`${dying.url}link`, `${server.url}link`]
  await openClient(page, transport, { urls, heartbeat, reconnect: { minDelay: 1 } })
  await eventually(async () => (await readDiary(page)).heardAt).toBeGreaterThan(0)

  dying.stop()
  // What was on its way must not arrive after the sleep: it would be a sign of life.
  await eventually(async () => Date.now() - (await readDiary(page)).heardAt).toBeGreaterThan(250)
  return { life, slept: await sleepAnHour(page) }
}

/** A machine that sleeps stops its pages and their timers; what they see of it is a clock that jumps. */
function sleepAnHour(page: Page): Promise<number> {
  return page.evaluate((skipped) => {
    const now = Date.now.bind(Date)
    Date.now = () => now() + skipped
    return Date.now()
  }, anHour)
}

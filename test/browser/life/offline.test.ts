import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { pageNetwork } from './network.ts'
import { openClient, readDiary, startClient, transports, waitForEvent, waitForState } from './page-client.ts'
import { remoteHost, useLife } from './use-life.ts'

const openLife = useLife()

/** Longer than any test waits. */
const longWait = { minDelay: 600_000, maxDelay: 600_000 }

test.concurrent('[LC6] webSocket: an open link is probed once, at once, when the page goes offline, and is kept', async (context) => {
  const { page, server } = await openLife(context, { host: remoteHost })
  const network = await pageNetwork(page)
  await openClient(page, 'webSocket', { heartbeat: { idle: 600_000, timeout: 600_000 } })

  await network.cut()
  const dark = await readDiary(page)
  await network.restore()
  await eventually(() => server.received.length).toBe(1)
  server.tell('hello')
  await waitForEvent(page, 'hello')

  expect(dark).toMatchObject({ page: ['offline'], states: ['connecting 1', 'open'] })
  expect(dark.probes.length).toBe(1)
  const { page: told, states, errors, probes } = await readDiary(page)
  expect({ told, states, errors, probes: probes.length }).toEqual({
    told: ['offline', 'online'],
    states: ['connecting 1', 'open'],
    errors: [],
    probes: 1,
  })
  expect({ received: server.received, live: server.live, dials: server.dials.length }).toEqual({
    received: ['ping'],
    live: 1,
    dials: 1,
  })
})

test.concurrent('[LC1] webSocket: a link that does not answer the probe is given up, and the page rests until it is online', async (context) => {
  const { page, server } = await openLife(context, { host: remoteHost })
  const network = await pageNetwork(page)
  await openClient(page, 'webSocket', { heartbeat: { idle: 600_000, timeout: 200 }, reconnect: longWait })

  await network.cut()
  await waitForState(page, 'suspended offline')
  await network.restore()
  await waitForState(page, 'open')

  const { errors } = await readDiary(page)
  expect(errors.map(({ code }) => code)).toEqual(['silent'])
  await eventually(() => server.live).toBe(1)
  expect(server.dials.length).toBe(2)
})

test.concurrent('[LC1] eventSource: an open link is kept when the page goes offline', async (context) => {
  const { page, server } = await openLife(context, { host: remoteHost })
  const network = await pageNetwork(page)
  await openClient(page, 'eventSource')

  await network.cut()
  await network.restore()
  server.tell('hello')
  await waitForEvent(page, 'hello')

  const { page: told, states, errors } = await readDiary(page)
  expect({ told, states, errors, live: server.live, dials: server.dials.length }).toEqual({
    told: ['offline', 'online'],
    states: ['connecting 1', 'open'],
    errors: [],
    live: 1,
    dials: 1,
  })
})

for (const transport of transports) {
  test.concurrent(`[LC1][BO5] ${transport}: a page that waits rests while it is offline, and dials as soon as it is online`, async (context) => {
    const { page, server } = await openLife(context, { host: remoteHost })
    const network = await pageNetwork(page)
    await openClient(page, transport, { reconnect: longWait })
    server.refuse()
    await waitForState(page, 'waiting 2')

    await network.cut()
    await waitForState(page, 'suspended offline')
    server.accept()
    const restoredAt = Date.now()
    await network.restore()
    await waitForState(page, 'open')
    console.log(`[LC1] ${transport}: open ${Date.now() - restoredAt} ms after the network was given back`)

    const { states, errors } = await readDiary(page)
    expect(states).toEqual(['connecting 1', 'open', 'waiting 2', 'suspended offline', 'connecting 2', 'open'])
    expect(errors.map(({ code }) => code)).toEqual(['lost'])
    expect({ live: server.live, dials: server.dials.length }).toEqual({ live: 1, dials: 2 })
  })

  test.concurrent(`[LC6] ${transport}: a try that is under way when the page goes offline ends by itself`, async (context) => {
    const { page, server } = await openLife(context, { host: remoteHost })
    const network = await pageNetwork(page)
    server.hang()
    const openTimeout = 2000
    const startedAt = Date.now()
    await startClient(page, transport, { openTimeout, reconnect: longWait })
    await eventually(() => server.dials.length).toBe(1)

    await network.cut()
    await waitForState(page, 'suspended offline')

    const { states, errors } = await readDiary(page)
    expect(errors.map(({ code }) => code)).toEqual(['timeout'])
    expect((errors[0]?.at ?? 0) - startedAt).toBeGreaterThanOrEqual(openTimeout)
    expect({ states, dials: server.dials.length }).toEqual({
      states: ['connecting 1', 'suspended offline'],
      dials: 1,
    })
  })

  test.concurrent(`[LC1] ${transport}: a link to this very machine needs no network, and goes on waiting`, async (context) => {
    const { page, server } = await openLife(context)
    const network = await pageNetwork(page)
    await openClient(page, transport, { reconnect: longWait })
    server.refuse()
    await waitForState(page, 'waiting 2')

    await network.cut()

    expect((await readDiary(page)).states).toEqual(['connecting 1', 'open', 'waiting 2'])
  })
}

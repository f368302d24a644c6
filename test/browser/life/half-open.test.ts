import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { openClient, readDiary, transports, waitForEvent } from './page-client.ts'
import { startServerProcess } from './server-process.ts'
import { useLife } from './use-life.ts'

const openLife = useLife()

const idle = 600
const timeout = 300
/** What a busy machine may take longer. The browser itself would notice nothing for minutes. */
const slack = 1500

for (const transport of transports) {
  const rule = transport === 'webSocket' ? '[HB1]' : '[HB3]'

  test.concurrent(`${rule} ${transport}: a server that stops in the middle is noticed within idle and timeout, and left for another`, async (context) => {
    const { page, server } = await openLife(context)
    const dying = await startServerProcess(context, idle / 10)
    const urls = [`${dying.url}link`, `${server.url}link`]
    await openClient(page, transport, { urls, heartbeat: { idle, timeout }, reconnect: { minDelay: 1 } })
    await eventually(async () => (await readDiary(page)).heardAt).toBeGreaterThan(0)

    const stoppedAt = Date.now()
    dying.stop()
    await eventually(() => server.live).toBe(1)
    const { heardAt, probes, errors } = await readDiary(page)
    server.tell('hello')
    await waitForEvent(page, 'hello')

    const noticedAt = errors[0]?.at ?? 0
    console.log(
      `${rule} ${transport}: noticed after ${noticedAt - heardAt} ms of silence, ${noticedAt - stoppedAt} ms after the stop (idle ${idle}, timeout ${timeout})`,
    )
    expect(noticedAt - heardAt).toBeGreaterThanOrEqual(idle + timeout - 1)
    expect(noticedAt - stoppedAt).toBeLessThan(idle + timeout + slack)
    expect(errors.map(({ code }) => code)).toEqual(['silent'])
    expect(probes.length).toBe(transport === 'webSocket' ? 1 : 0)
    const { states } = await readDiary(page)
    expect(states).toEqual(['connecting 1', 'open', 'waiting 2', 'connecting 2', 'open'])
    expect({ live: server.live, dials: server.dials.length }).toEqual({ live: 1, dials: 1 })
  })
}

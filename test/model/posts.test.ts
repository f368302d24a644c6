import { expect, test } from 'vitest'
import { createClient } from '../../src/client.ts'
import { type FakeLink, fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'
import { newest, seeded } from '../circumstances.ts'
import { fakeFetch } from '../fakes/fake-fetch.ts'

/** One run of calls, answers and page events in any order. Returns what went wrong, with its seed. */
async function run(seed: number): Promise<string[]> {
  const random = seeded(seed * 7919 + 13)
  for (let n = 0; n < 20; n += 1) random()
  const pick = (n: number) => Math.floor(random() * n)
  const environment = fakeEnvironment({ random: () => 0.5 })
  const { fetch, requests } = fakeFetch()
  const inner = fakeTransport({ duplex: false, name: 'stream' })
  /** The links that have opened: only these report anything else. */
  const opened = new Set<FakeLink>()
  const hand = pick(3) === 0
  const client = createClient(
    withUpstream(inner, pick(2) ? 'https://e.org/up' : async () => 'https://e.org/up', { fetch }),
    {
      environment,
      queue: { maxMessages: 5, whenFull: (['throw', 'drop-oldest', 'drop-newest'] as const)[pick(3)] },
      ...(hand && { handshake: ({ send }) => send('hello') }),
    },
  )
  const wrong: string[] = []
  let next = 0
  const accepted: number[] = []
  const told: Record<string, number> = {}
  let abortedCount = 0
  let depth = 0
  const act = () => {
    if (depth > 3) return
    depth += 1
    const what = pick(20)
    try {
      switch (what) {
        case 0:
          client.connect()
          break
        case 1:
          client.close()
          break
        case 2:
          client.reconnect()
          break
        case 3:
        case 4:
        case 5:
        case 6:
        case 7:
        case 8: {
          const n = next++
          const ttl = pick(4) === 0 ? pick(3) * 700 : undefined
          const volatile = pick(6) === 0
          const r = client.send('note', n, { ttl, volatile })
          if (r !== 'dropped') accepted.push(n)
          break
        }
        case 9:
        case 10:
        case 11: {
          const l = inner.links.at(-1)
          if (l) opened.add(l)
          l?.open()
          break
        }
        case 12: {
          inner.links.at(-1)?.end(pick(8) === 0 ? { code: 'refused' } : {})
          break
        }
        case 13: {
          const r = requests.at(-1)
          if (r?.live) {
            const s = [204, 204, 200, 503, 401, 403, 429][pick(7)] as number
            r.answer(s, s === 429 ? { 'retry-after': '2' } : {})
          }
          break
        }
        case 14: {
          const r = requests.at(-1)
          if (r?.live) {
            r.fail(new TypeError('x'))
          }
          break
        }
        case 15:
          environment.freeze()
          break
        case 16:
          environment.resume()
          break
        case 17:
          environment.setOnline(false)
          environment.setOnline(true)
          break
        default: {
          const l = inner.links.at(-1)
          if (l && opened.has(l)) l.receive('{"type":"x","data":1}')
        }
      }
    } catch (e) {
      if (!(e as { code?: string }).code) wrong.push(String(e))
    }
    depth -= 1
  }
  client.onError((e) => {
    told[e.code] = (told[e.code] ?? 0) + 1
    if (e.code === 'aborted') abortedCount += Number(/(\d+)/.exec(e.message)?.[1] ?? 0)
    if (pick(4) === 0) act()
  })
  client.onState((s) => {
    if (s !== client.state) wrong.push('overtaken state told')
    if (pick(4) === 0) act()
  })
  client.on('x', () => {
    if (pick(3) === 0) act()
  })
  const settled: Promise<unknown>[] = []
  for (let i = 0; i < 60; i += 1) {
    act()
    if (pick(10) === 0)
      settled.push(
        client.drained().then(
          () => 1,
          () => 2,
        ),
      )
    if (pick(2)) await environment.advance([0, 0, 100, 700, 3000, 11_000][pick(6)] as number)
    const live = requests.filter((r) => r.live && !r.aborted)
    if (live.length > 1) wrong.push(`live ${live.length}`)
    if (client.state.status === 'closed') {
      await environment.advance(0)
      if (client.state.status === 'closed') {
        if (environment.held) wrong.push(`held ${environment.held} after close`)
        if (requests.some((r) => r.live && !r.aborted)) wrong.push('live request after close')
        if (client.bufferedAmount) wrong.push(`bufferedAmount ${client.bufferedAmount} after close`)
      }
    }
  }
  // Quiesce: everything goes out.
  for (let i = 0; i < 60; i += 1) {
    client.connect()
    environment.resume()
    await environment.advance(100)
    newest(inner.links).open()
    await environment.advance(100)
    const r = requests.at(-1)
    if (r?.live) r.answer(204)
    await environment.advance(i % 10 === 9 ? 31_000 : 10)
    if (r?.live) r.answer(204)
    depth = 9
  }
  if (client.bufferedAmount) wrong.push(`not drained: ${client.bufferedAmount} ${client.state.status}`)
  await Promise.all(settled)
  const bodies = requests
    .map((r) => ({ m: JSON.parse(String(r.init.body)), key: r.headers.get('idempotency-key') }))
    .filter(({ m }) => m.type === 'note')
  // One key per message, repeats adjacent, order of first appearance = order of sending.
  const keys = new Map<number, string | null>()
  let last = -1
  for (const { m, key } of bodies) {
    if (keys.has(m.data)) {
      if (keys.get(m.data) !== key) wrong.push(`another key for ${m.data}`)
      if (m.data !== last) wrong.push(`repeat of ${m.data} behind ${last}`)
    } else {
      if (m.data < last) wrong.push(`${m.data} after ${last}`)
      keys.set(m.data, key)
    }
    last = m.data
  }
  const never = accepted.filter((n) => !keys.has(n)).length
  const toldLost = abortedCount + (told.expired ?? 0) + (told['queue-full'] ?? 0)
  if (never > toldLost) wrong.push(`never posted ${never}, told ${toldLost} ${JSON.stringify(told)}`)
  client.close()
  await environment.advance(0)
  if (environment.held) wrong.push(`held ${environment.held}`)
  return wrong.length ? [`seed ${seed}`, ...wrong] : []
}

test('[UP1][UP3] whatever is called and answered, one POST at a time goes out, in order, and what never does is told of', async () => {
  const unhandled: unknown[] = []
  const note = (cause: unknown) => unhandled.push(cause)
  process.on('unhandledRejection', note)
  const wrong: string[] = []
  for (let seed = 1; seed <= 80; seed += 1) wrong.push(...(await run(seed)))
  process.off('unhandledRejection', note)

  expect(wrong).toEqual([])
  expect(unhandled).toEqual([])
}, 60_000)

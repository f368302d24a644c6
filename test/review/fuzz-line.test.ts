import { expect, test } from 'vitest'
import { seeded } from '../circumstances.ts'
import { createClient } from '../../src/client.ts'
import { fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'

/** Async schemas, iterators, dedupe, listeners that do anything: order, and everything told of. */
async function run(seed: number): Promise<string[]> {
  const random = seeded(seed * 7919 + 13)
  for (let n = 0; n < 20; n += 1) random()
  const pick = (n: number) => Math.floor(random() * n)
  const environment = fakeEnvironment({ random: () => 0.5 })
  const transport = fakeTransport()
  const pending: (() => void)[] = []
  const schema = {
    '~standard': {
      version: 1 as const,
      vendor: 'x',
      validate: (value: unknown) => {
        const how = pick(6)
        const verdict = how === 0 ? { issues: [1] } : { value }
        if (how < 3) return new Promise((r) => pending.push(() => r(verdict)))
        if (how === 3) return Promise.reject(new Error('no'))
        return verdict
      },
    },
  }
  const client = createClient(transport, { environment, schemas: { s: schema }, dedupe: pick(2) ? 100 : 0,
    ...(seed % 3 === 0 && { handshake: async ({ next }) => { await next('hi') } }) })
  const wrong: string[] = []
  const log: string[] = []
  let n = 0
  const heard: number[] = []
  let aborted = 0
  let invalid = 0
  let depth = 0
  let delivered = 0
  const arrived: number[] = []
  const its: { it: AsyncIterableIterator<unknown>; got: number[]; from: number }[] = []
  const act = () => {
    if (depth > 3) return
    depth += 1
    const l = transport.links.at(-1)
    switch (pick(16)) {
      case 0: log.push('connect'); client.connect(); break
      case 1: if (pick(3) === 0) { log.push('close'); client.close() } break
      case 2: if (pick(3) === 0) { log.push('reconnect'); client.reconnect() } break
      case 3: case 4: l?.open(); log.push('open'); break
      case 5: if (pick(3) === 0) { log.push('end'); l?.end() } break
      case 6: case 7: case 8: case 9: case 10: {
        if (!l || l.closed || depth > 1 || client.state.status === 'closed') break
        n += 1
        log.push(`msg ${n}`)
        l.receive(JSON.stringify({ type: pick(3) ? 's' : 'f', data: n, id: `${n}` }))
        break
      }
      case 11: if (seed % 3 === 0) l?.receive('{"type":"hi"}'); break
      case 12: case 13: { const [go] = pending.splice(pick(pending.length || 1), 1); go?.(); break }
      case 14: { if (its.length < 3) { const got: number[] = []; const it = client.events(pick(2) ? 's' : 'f'); its.push({ it, got, from: n }); void (async () => { try { for await (const d of it) { got.push(d as number); if (pick(20) === 0) break } } catch {} })() } break }
      default: client.on('f', () => {}, { once: true })
    }
    depth -= 1
  }
  client.onError((e) => {
    log.push(`error ${e.code}`)
    if (e.code === 'aborted') aborted += Number(/(\d+)/.exec(e.message)?.[1])
    if (e.code === 'invalid') invalid += 1
    if (pick(4) === 0) act()
  })
  client.onState((s) => { if (s !== client.state) wrong.push('overtaken'); if (pick(4) === 0) act() })
  client.onAny((data, meta) => {
    if (meta.event === 'hi') return
    delivered += 1
    const last = heard.at(-1) ?? 0
    if ((data as number) <= last) wrong.push(`${data} after ${last}`)
    heard.push(data as number)
    if (client.state.status === 'closed') wrong.push(`delivered ${data} while closed`)
    if (pick(5) === 0) act()
  })
  for (let i = 0; i < 150; i += 1) {
    act()
    if (pick(3) === 0) await environment.advance([0, 0, 700][pick(3)] as number)
  }
  while (pending.length) { pending.shift()?.(); await environment.advance(0) }
  for (let i = 0; i < 5; i += 1) await environment.advance(0)
  const before = { delivered, invalid, aborted }
  depth = 9
  client.close()
  await environment.advance(0)
  if (seed % 3 && delivered + invalid + aborted !== n) wrong.push(`messages ${n}: ${JSON.stringify(before)} -> ${delivered + invalid + aborted}`)
  if (environment.held) wrong.push(`held ${environment.held}`)
  for (const { got } of its) for (let i = 1; i < got.length; i += 1) if ((got[i] as number) <= (got[i - 1] as number)) wrong.push('iterator order')
  return wrong.length ? [`seed ${seed}`, ...wrong, ...(process.env.LOG ? log : [])] : []
}

test('[RT7][RT5][CN7] fuzz', async () => {
  const unhandled: unknown[] = []
  const note = (e: unknown) => unhandled.push(e)
  process.on('unhandledRejection', note)
  let bad = 0
  const only = process.env.SEED
  for (let seed = Number(only ?? 1); seed <= Number(only ?? process.env.RUNS ?? 500); seed += 1) {
    const wrong = await run(seed)
    if (wrong.length && bad++ < 8) console.log(wrong.join('\n'))
  }
  process.off('unhandledRejection', note)
  console.log('bad', bad, 'unhandled', unhandled.length)
  expect(unhandled).toEqual([])
}, 100_000)

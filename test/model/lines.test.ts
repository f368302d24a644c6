import { expect, test } from 'vitest'
import { createClient } from '../../src/client.ts'
import type { AnyEvents } from '../../src/realtime-client.ts'
import { type FakeLink, fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'
import { seeded } from '../circumstances.ts'

/** One run with asynchronous schemas, iterators, dedupe and listeners that call anything. Returns what went wrong, with its seed. */
async function run(seed: number): Promise<string[]> {
  const random = seeded(seed * 7919 + 13)
  for (let n = 0; n < 20; n += 1) random()
  const pick = (n: number) => Math.floor(random() * n)
  const environment = fakeEnvironment({ random: () => 0.5 })
  const transport = fakeTransport()
  /** The links that have opened: only these report anything else. */
  const opened = new Set<FakeLink>()
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
  const client = createClient<AnyEvents>(transport, {
    environment,
    schemas: { s: schema },
    dedupe: pick(2) ? 100 : 0,
    ...(seed % 3 === 0 && {
      handshake: async ({ next }) => {
        await next('hi')
      },
    }),
  })
  const wrong: string[] = []
  let n = 0
  const heard: number[] = []
  let aborted = 0
  let invalid = 0
  let depth = 0
  let delivered = 0
  const its: { it: AsyncIterableIterator<unknown>; got: number[]; from: number }[] = []
  const act = () => {
    if (depth > 3) return
    depth += 1
    const l = transport.links.at(-1)
    switch (pick(16)) {
      case 0:
        client.connect()
        break
      case 1:
        if (pick(3) === 0) {
          client.close()
        }
        break
      case 2:
        if (pick(3) === 0) {
          client.reconnect()
        }
        break
      case 3:
      case 4:
        if (l) opened.add(l)
        l?.open()
        break
      case 5:
        if (pick(3) === 0) {
          l?.end()
        }
        break
      case 6:
      case 7:
      case 8:
      case 9:
      case 10: {
        if (!l || !opened.has(l) || l.closed || depth > 1 || client.state.status === 'closed') break
        n += 1
        l.receive(JSON.stringify({ type: pick(3) ? 's' : 'f', data: n, id: `${n}` }))
        break
      }
      case 11:
        if (seed % 3 === 0 && l && opened.has(l)) l.receive('{"type":"hi"}')
        break
      case 12:
      case 13: {
        const [go] = pending.splice(pick(pending.length || 1), 1)
        go?.()
        break
      }
      case 14: {
        if (its.length < 3) {
          const got: number[] = []
          const it = client.events(pick(2) ? 's' : 'f')
          its.push({ it, got, from: n })
          void (async () => {
            try {
              for await (const d of it) {
                got.push(d as number)
                if (pick(20) === 0) break
              }
            } catch {}
          })()
        }
        break
      }
      default:
        client.on('f', () => {}, { once: true })
    }
    depth -= 1
  }
  client.onError((e) => {
    if (e.code === 'aborted') aborted += Number(/(\d+)/.exec(e.message)?.[1])
    if (e.code === 'invalid') invalid += 1
    if (pick(4) === 0) act()
  })
  client.onState((s) => {
    if (s !== client.state) wrong.push('overtaken')
    if (pick(4) === 0) act()
  })
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
  while (pending.length) {
    pending.shift()?.()
    await environment.advance(0)
  }
  for (let i = 0; i < 5; i += 1) await environment.advance(0)
  const before = { delivered, invalid, aborted }
  depth = 9
  client.close()
  await environment.advance(0)
  if (seed % 3 && delivered + invalid + aborted !== n)
    wrong.push(`messages ${n}: ${JSON.stringify(before)} -> ${delivered + invalid + aborted}`)
  if (environment.held) wrong.push(`held ${environment.held}`)
  for (const { got } of its)
    for (let i = 1; i < got.length; i += 1)
      if ((got[i] as number) <= (got[i - 1] as number)) wrong.push('iterator order')
  return wrong.length ? [`seed ${seed}`, ...wrong] : []
}

test('[RT7][RT5][CN7] whatever is called and arrives, all of it is delivered in order or told of', async () => {
  const unhandled: unknown[] = []
  const note = (cause: unknown) => unhandled.push(cause)
  process.on('unhandledRejection', note)
  const wrong: string[] = []
  for (let seed = 1; seed <= 150; seed += 1) wrong.push(...(await run(seed)))
  process.off('unhandledRejection', note)

  expect(wrong).toEqual([])
  expect(unhandled).toEqual([])
}, 60_000)

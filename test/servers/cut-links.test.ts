import { EventSource } from 'eventsource'
import { describe, expect, test } from 'vitest'
import { startFaultProxy } from '../torture/fault-proxy.ts'
import { startNumberedServer } from '../torture/numbered-server.ts'
import { receiveAll, type receivers } from '../torture/tortured-client.ts'

const count = 10_000
const cuts = 100

const kinds = [
  ['webSocket', {}],
  ['fetchStream', {}],
  ['eventSource', { EventSource }],
] as const satisfies readonly (readonly [keyof typeof receivers, object])[]

describe.concurrent('over real connections', { timeout: 120_000 }, () => {
  test.for(kinds)(
    '[RS4] a numbered stream over a link that is cut 100 times at random bytes arrives complete, in order, once: %s',
    async ([kind, platform], context) => {
      const server = await startNumberedServer({ count, pace: count, overlap: 0 })
      context.onTestFinished(server.close)
      const proxy = await startFaultProxy({
        target: server.port,
        seed: 1,
        distance: 4000,
        kinds: ['reset', 'end'],
        most: cuts,
      })
      context.onTestFinished(proxy.close)
      proxy.begin()
      const { inOrder, repeated, missing, damaged, opened } = await receiveAll(
        kind,
        { origin: `http://127.0.0.1:${proxy.port}`, count, dedupe: 0 },
        platform,
      )
      const { reset, end, early } = proxy.faults

      expect({ inOrder, repeated, missing, damaged }).toEqual({ inOrder: count, repeated: 0, missing: 0, damaged: 0 })
      expect(reset + end + early).toBe(cuts)
      expect(opened).toBeGreaterThan(cuts / 2)
    },
  )
})

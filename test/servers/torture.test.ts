import { EventSource } from 'eventsource'
import { describe, test } from 'vitest'
import { WebSocket as PackagedWebSocket } from 'ws'
import { count, startTorture, torturing } from '../torture/torture.ts'
import { type Platform, postAll, receiveAll, type receivers, senders } from '../torture/tortured-client.ts'

const ws = { WebSocket: PackagedWebSocket as unknown as typeof WebSocket }

interface Given {
  readonly kind: keyof typeof receivers
  readonly whose: string
  readonly platform?: Platform
  /** Messages that a link may bring again, which the client then has to drop. Without, it has to ask for exactly the next. */
  readonly overlap?: number
}

const given: readonly Given[] = [
  { kind: 'webSocket', whose: 'of Node' },
  { kind: 'webSocket', whose: 'of the package ws, on a server that repeats itself', platform: ws, overlap: 50 },
  { kind: 'fetchStream', whose: 'of Node' },
  { kind: 'eventSource', whose: 'of the package eventsource', platform: { EventSource } },
]

describe.concurrent('in Node', torturing, () => {
  test.for(given)(
    '[RS4][RS3][RS2] a stream over a network full of faults arrives complete, in order, once: $kind $whose',
    async ({ kind, whose, platform, overlap = 0 }, context) => {
      const { origin, begin, expectAll } = await startTorture(context, { overlap })
      begin()
      expectAll(`${kind} ${whose}`, await receiveAll(kind, { origin, count, dedupe: 2 * overlap }, platform))
    },
  )

  test.for(Object.keys(senders) as (keyof typeof senders)[])(
    'what is sent until it is acknowledged arrives complete, in order, once, over a network full of faults: %s',
    async (kind, context) => {
      const { origin, begin, expectTaken } = await startTorture(context, { distance: 110_000 })
      begin()
      expectTaken(`posts over ${kind}`, await postAll(kind, { origin, count }))
    },
  )
})

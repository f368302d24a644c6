/** What an application sees of a transport, through `createClient`. */
import { describe, expect, test } from 'vitest'
import type { Circumstances } from './circumstances.ts'
import { observeClient } from './observed-client.ts'
import { dialed, gone, seenBy } from './seen-by.ts'
import { until } from './until.ts'

const frames = ['one', 'two', 'three'] as const

export function describeClients(circumstances: Circumstances): void {
  const { accepts, hangs, sends, sendsOneByOne } = circumstances
  const refusals = Object.entries(circumstances.refusals)
  const dismissals = Object.entries(circumstances.dismissals ?? {})
  const { transport: sample } = accepts()
  const { carrier = sample.name } = circumstances
  const isDuplex = 'duplex' in sample

  describe('under a client', () => {
    test('[TR4] it opens', async () => {
      const { client } = observeClient(accepts().transport)
      client.connect()
      await client.opened()

      expect(client.state).toMatchObject({ status: 'open', transport: carrier })
    })

    test('[RT5] messages are delivered in the order of their arrival', async () => {
      const { client, messages } = observeClient(sends(frames).transport)
      client.connect()
      await until('all messages', () => messages.length >= frames.length)

      expect(messages).toEqual(frames)
    })

    if (isDuplex)
      test('[SQ2] what waited for the link reaches the peer once and in order', async () => {
        const peer = accepts()
        const { client } = observeClient(peer.transport)
        for (const frame of frames) expect(client.send('message', frame)).toBe('queued')
        client.connect()
        await client.opened()
        expect(client.send('message', 'four')).toBe(sendsOneByOne ? 'queued' : 'sent')
        await seenBy(peer, (facts) => facts.received.length > frames.length)

        expect((await peer.seen()).received).toEqual([...frames, 'four'])
      })

    if (!isDuplex)
      test("send throws 'receive-only'", () => {
        const { client } = observeClient(accepts().transport)

        expect(() => client.send('message', 'one')).toThrow(expect.objectContaining({ code: 'receive-only' }))
      })

    test('[TR3] it closes silently and leaves nothing behind', async () => {
      const peer = sends(frames)
      const { client, environment, messages, errors } = observeClient(peer.transport)
      client.on('message', () => client.close())
      client.connect()
      await until('the end', () => client.state.status === 'closed')
      await gone(peer)

      expect(messages).toEqual(['one'])
      expect(errors).toEqual([])
      expect(client.state).toEqual({ status: 'closed' })
      expect(environment.held).toBe(0)
    })

    test('[TR3] it closes during the handshake', async () => {
      const peer = hangs()
      const { client, environment, errors } = observeClient(peer.transport)
      client.connect()
      await dialed(peer)
      client.close()
      await gone(peer)

      expect(client.state).toEqual({ status: 'closed' })
      expect(errors).toEqual([])
      expect(environment.held).toBe(0)
    })

    test.each(refusals)('[TR5] a peer that %s is tried again after a wait', async (_, refuses) => {
      const peer = refuses()
      const { client, environment, reached } = observeClient(peer.transport)
      client.connect()
      await reached('waiting')
      expect(client.state).toMatchObject({ attempt: 2, error: peer.facts })
      await environment.advance(1000)

      await seenBy(peer, ({ dials }) => dials === 2)
    })

    test.each(dismissals)('[TR5] a peer that %s closes the client', async (_, dismisses) => {
      const peer = dismisses()
      const { client, environment, reached } = observeClient(peer.transport)
      client.connect()
      await reached('closed')

      expect(client.state).toMatchObject({ error: { ...peer.facts, retryable: false } })
      expect(environment.held).toBe(0)
    })

    test('[TR6] a peer that never answers runs into the deadline', async () => {
      const peer = hangs()
      const { client, environment } = observeClient(peer.transport)
      client.connect()
      await dialed(peer)
      await environment.advance(10_000)

      expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
      await gone(peer)
    })
  })
}

/** What the random sequences have found, at its shortest. */
import { expect, test } from 'vitest'
import { RealtimeError } from '../../src/index.ts'
import { givenRaw, payloads } from '../circumstances.ts'

test('[CN2] a link that calls close() while it takes what was queued leaves no heartbeat', () => {
  const all: ReturnType<typeof givenRaw> = givenRaw({ send: () => all.client.close() }, { heartbeat: {} })
  all.client.connect()
  all.client.send('note', 1)
  all.link().observer.opened()

  expect(all.environment.held).toBe(0)
})

test('[CN4] a link that is replaced while it takes what was queued has no heartbeat that ends the next try', async () => {
  const heartbeat = { idle: 1000, timeout: 500 }
  const all: ReturnType<typeof givenRaw> = givenRaw({ send: () => all.client.reconnect() }, { heartbeat })
  all.client.connect()
  all.client.send('note', 1)
  all.link().observer.opened()
  await all.environment.advance(2000)

  expect(all.told.codes).toEqual([])
})

test('[SQ2] a frame whose link asks for fresh credentials goes out on one that opens inside of open', () => {
  let refuses = true
  const { client, link } = givenRaw({
    open: ({ observer }) => observer.opened(),
    send() {
      if (!refuses) return
      refuses = false
      throw new RealtimeError('unauthorized')
    },
  })
  client.connect()
  client.send('note', 1)

  expect(client.state.status).toBe('open')
  expect(payloads(link().sent)).toEqual([1])
})

/** What the random sequences have found, at its shortest. */
import { expect, test } from 'vitest'
import { RealtimeError } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
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

test('[CN2] a link that closes the client when a hidden page gives it up, and is connected again, leaves no timer', async () => {
  const environment = fakeEnvironment()
  environment.setVisible(false)
  let gaveUp = false
  const all: ReturnType<typeof givenRaw> = givenRaw(
    {
      close() {
        if (gaveUp) return
        gaveUp = true
        all.client.close()
        all.client.connect()
      },
    },
    { environment, lifecycle: { hidden: 1000 } },
  )
  all.client.connect()
  await environment.advance(1000)
  expect(gaveUp).toBe(true)
  all.client.close()

  expect(environment.held).toBe(0)
})

test('[CN5][HS4] a link that is interrupted right behind its welcome is not open', async () => {
  const { client, link, environment } = givenRaw(
    {},
    {
      handshake: async ({ next }) => {
        await next('welcome')
      },
    },
  )
  client.connect()
  link().observer.opened()
  await environment.advance(0)
  link().observer.received({ data: '{"type":"welcome"}' })
  link().observer.interrupted(new RealtimeError('lost'), environment.now() + 3000)
  await environment.advance(0)

  expect(client.state.status).toBe('waiting')
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

import { expect, test } from 'vitest'
import { RealtimeError } from '../../src/index.ts'
import { payloads, say } from '../circumstances.ts'
import { givenGreeting, givenHandshake, givenRawGreeting, outcomeOf } from './greeting.ts'

test('[HS1] the state stays connecting while the handshake runs', async () => {
  const { client, environment, told } = givenGreeting()
  await environment.advance(9000)

  expect(client.state).toEqual({ status: 'connecting', attempt: 1 })
  expect(told.statuses).toEqual(['connecting'])
})

test('[HS1] the client is open when the handshake has resolved', async () => {
  const { client, environment, told, greeting } = givenGreeting()
  await environment.advance(3000)
  greeting().resolve()
  await environment.advance(0)

  expect(client.state).toEqual({ status: 'open', transport: 'fake', openedAt: environment.now() })
  expect(told.statuses).toEqual(['connecting', 'open'])
  expect(told.errors).toEqual([])
})

test('[HS1] a handshake that returns no promise has resolved when it returns', async () => {
  const { client, link } = await givenHandshake(({ send }) => send('hello', 1))

  expect(client.state.status).toBe('open')
  expect(payloads(link().sent)).toEqual([1])
})

test('[HS1] opened() waits for the handshake', async () => {
  const { client, environment, greeting } = givenGreeting()
  const outcome = outcomeOf(client.opened())
  await environment.advance(0)
  expect(outcome()).toBe('pending')
  greeting().resolve()
  await environment.advance(0)

  expect(outcome()).toBeUndefined()
})

test('[HS1] what the handshake sends goes out at once, and what the client sends waits', () => {
  const { client, link, greeting } = givenGreeting()
  client.send('note', 'queued')
  greeting().link.send('hello', { token: 't' })

  expect(link().sent.map((frame) => JSON.parse(String(frame)))).toEqual([{ type: 'hello', data: { token: 't' } }])
})

test('[HS1] the queue goes out after the handshake, in order', async () => {
  const { client, environment, link, greeting } = givenGreeting()
  expect([client.send('note', 1), client.send('note', 2)]).toEqual(['queued', 'queued'])
  greeting().link.send('hello', 0)
  await environment.advance(0)
  expect(payloads(link().sent)).toEqual([0])
  greeting().resolve()
  await environment.advance(0)

  expect(payloads(link().sent)).toEqual([0, 1, 2])
})

test('[HS1] the queue goes out before what a listener to the opening sends', async () => {
  const { client, environment, link, greeting } = givenGreeting()
  client.onState(({ status }) => status === 'open' && client.send('note', 'listener'))
  client.send('note', 'queue')
  greeting().resolve()
  await environment.advance(0)

  expect(payloads(link().sent)).toEqual(['queue', 'listener'])
})

test('[HS1] without a queue, send() throws until the handshake has resolved', async () => {
  const { client, environment, greeting } = givenGreeting({ queue: false })
  expect(() => client.send('note')).toThrow(expect.objectContaining({ code: 'not-open' }))
  greeting().resolve()
  await environment.advance(0)

  expect(client.send('note')).toBe('sent')
})

test('[HS1] connect() during the handshake does not disturb it', async () => {
  const { client, environment, greeting, greetings, transport } = givenGreeting()
  client.connect()
  greeting().resolve()
  await environment.advance(0)

  expect(client.state.status).toBe('open')
  expect([greetings.length, transport.links.length]).toEqual([1, 1])
})

test('[HS3] the handshake runs on every new link', async () => {
  const { client, environment, link, greetings, greeting } = givenGreeting()
  greeting().resolve()
  await environment.advance(0)
  link().end()
  await environment.advance(600)
  expect(greetings).toHaveLength(1)
  link().open()
  expect(greetings).toHaveLength(2)
  client.reconnect()
  link().open()
  expect(greetings).toHaveLength(3)
  client.close()
  client.connect()
  link().open()

  expect(greetings).toHaveLength(4)
})

test('[HS3] the handshake does not run before the link is open', () => {
  const { client, greetings } = givenGreeting()
  client.reconnect()

  expect(greetings).toHaveLength(1)
})

test('[HS3] the handshake knows the attempt that it belongs to', async () => {
  const { environment, link, greeting, greetings } = givenGreeting({ lastEventId: '7' })
  expect(greeting().link.attempt).toMatchObject({ attempt: 1, error: undefined, lastEventId: '7' })
  say(link(), 'news', 1, '8')
  link().end({ code: 'lost', closeCode: 1001 })
  await environment.advance(600)
  link().open()

  expect(greeting().link.attempt).toMatchObject({ attempt: 2, error: { closeCode: 1001 }, lastEventId: '8' })
  expect(greetings.map(({ link: { attempt } }) => attempt.signal.aborted)).toEqual([true, false])
})

test('[HS3] a link that says twice that it is open has one handshake', async () => {
  const { client, environment, link, greetings, greeting, told } = givenRawGreeting()
  link().observer.opened()
  greeting().resolve()
  await environment.advance(0)
  link().observer.opened()
  await environment.advance(0)

  expect(greetings).toHaveLength(1)
  expect(client.state.status).toBe('open')
  expect(told.statuses).toEqual(['connecting', 'open'])
})

test('[HS3][ES2] the handshake runs again on a link that the platform has restored', async () => {
  const { client, environment, link, greetings, greeting, transport } = givenRawGreeting()
  greeting().resolve()
  await environment.advance(0)
  link().observer.interrupted(new RealtimeError('lost'), environment.now() + 3000)
  await environment.advance(3000)
  link().observer.opened()
  expect(greetings).toHaveLength(2)
  expect(client.state.status).toBe('waiting')
  greeting().resolve()
  await environment.advance(0)

  expect(client.state).toMatchObject({ status: 'open', openedAt: environment.now() })
  expect(transport.links).toHaveLength(1)
})

test('[HS3] a link that is interrupted again and again holds on to one handshake', async () => {
  let listeners = 0
  const { environment, link, greeting } = givenRawGreeting({
    open({ request: { signal } }) {
      const add = signal.addEventListener.bind(signal)
      const remove = signal.removeEventListener.bind(signal)
      signal.addEventListener = (...all: Parameters<typeof add>) => {
        listeners += 1
        add(...all)
      }
      signal.removeEventListener = (...all: Parameters<typeof remove>) => {
        listeners -= 1
        remove(...all)
      }
    },
  })
  for (let count = 0; count < 10; count += 1) {
    greeting().resolve()
    await environment.advance(0)
    link().observer.interrupted(new RealtimeError('lost'), environment.now())
    link().observer.opened()
  }

  expect(listeners).toBeLessThanOrEqual(1)
})

test('[HS3] a link on which another client has done the handshake runs none', async () => {
  const { client, greetings, link } = givenRawGreeting()
  client.reconnect()
  link().observer.opened({ shared: true })

  expect(greetings).toHaveLength(1)
  expect(client.state.status).toBe('open')
})

test('[HS1] what the link says while the queue goes out is heard after the opening', async () => {
  const { client, environment, greeting } = givenRawGreeting({
    send: ({ observer }) => observer.received({ data: '"answer"' }),
  })
  const order: unknown[] = []
  client.onState(({ status }) => order.push(status))
  client.onAny((data) => order.push(data))
  client.send('note')
  greeting().resolve()
  await environment.advance(0)

  expect(order).toEqual(['open', 'answer'])
})

test('[HS1][CN7] a listener to the opening that follows a handshake may call close()', async () => {
  const { client, environment, greeting, link, told } = givenGreeting({ heartbeat: {} })
  client.onState(({ status }) => status === 'open' && client.close())
  client.send('note')
  greeting().resolve()
  await environment.advance(600_000)

  expect(client.state).toEqual({ status: 'closed' })
  expect(environment.held).toBe(0)
  expect(link().sent).toHaveLength(1)
  expect(told.errors).toEqual([])
})

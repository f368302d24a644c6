import { expect, test } from 'vitest'
import { RealtimeError } from '../../src/index.ts'
import { given, say, waitOf } from '../circumstances.ts'
import { givenGreeting, givenHandshake, givenRawGreeting } from './greeting.ts'

const thrown = new Error('no welcome')

test.each<[string, () => void | Promise<void>]>([
  [
    'throws',
    () => {
      throw thrown
    },
  ],
  ['rejects', () => Promise.reject(thrown)],
  [
    'rejects later',
    async () => {
      await undefined
      throw thrown
    },
  ],
])('[HS2] a handshake that %s is a failed try', async (_, handshake) => {
  const all = await givenHandshake(handshake)

  expect(all.client.state).toMatchObject({
    status: 'waiting',
    attempt: 2,
    error: { code: 'unreachable', retryable: true, cause: thrown },
  })
  expect(waitOf(all)).toBe(600)
  expect(all.told.statuses).toEqual(['connecting', 'waiting'])
  expect(all.told.codes).toEqual(['unreachable'])
  expect(all.link().closed).toBe(true)
})

test.each([undefined, null, 'no', 42])('[HS2] a handshake that rejects with %s is a failed try', async (reason) => {
  const { client } = await givenHandshake(() => Promise.reject(reason))

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable', cause: reason } })
})

test('[HS2] handshakes that fail one after the other wait longer and longer', async () => {
  const all = given({ handshake: () => Promise.reject(thrown) })
  all.client.connect()
  const waits: number[] = []
  for (let count = 0; count < 4; count += 1) {
    all.link().open()
    await all.environment.advance(0)
    waits.push(waitOf(all))
    await all.environment.advance(waitOf(all))
  }

  expect(waits).toEqual([600, 1200, 2400, 4800])
})

test('[HS2][CN10] a handshake that fails counts towards maxAttempts', async () => {
  const { client } = await givenHandshake(() => Promise.reject(thrown), { reconnect: { maxAttempts: 1 } })

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unreachable' } })
})

test('[HS2] a refusal by the handshake is followed by one try at once, which knows why', async () => {
  const { client, environment, greeting, transport, told } = givenGreeting()
  greeting().reject(new RealtimeError('unauthorized'))
  await environment.advance(0)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2, error: { code: 'unauthorized' } })
  expect(transport.links.map(({ closed }) => closed)).toEqual([true, false])
  transport.links[1]?.open()
  expect(greeting().link.attempt).toMatchObject({ attempt: 2, error: { code: 'unauthorized' } })
  greeting().resolve()
  await environment.advance(0)

  expect(client.state.status).toBe('open')
  expect(told.codes).toEqual(['unauthorized'])
})

test('[HS2] a second refusal in a row by the handshake closes the client', async () => {
  const { client, environment, greeting, link, transport } = givenGreeting()
  greeting().reject(new RealtimeError('unauthorized'))
  await environment.advance(0)
  link().open()
  greeting().reject(new RealtimeError('unauthorized'))
  await environment.advance(600_000)

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unauthorized', retryable: false } })
  expect(transport.links.map(({ closed }) => closed)).toEqual([true, true])
  expect(environment.held).toBe(0)
})

test('[HS2] an error of ours that may not be retried closes the client', async () => {
  const error = new RealtimeError('refused', 'Banned.')
  const { client, environment, link, told } = await givenHandshake(() => Promise.reject(error))

  expect(client.state).toEqual({ status: 'closed', error })
  expect(told.errors).toEqual([error])
  expect(link().closed).toBe(true)
  expect(environment.held).toBe(0)
})

test('[HS2][BO4] an error of ours may say how long to wait', async () => {
  const all = await givenHandshake(() => Promise.reject(new RealtimeError('unreachable', '', { retryAfter: 60_000 })))

  expect(waitOf(all)).toBeGreaterThanOrEqual(60_000)
})

test('[HS2] what was queued stays for the try that works', async () => {
  const { client, environment, greeting, link } = givenGreeting()
  client.send('note', 1)
  greeting().reject(thrown)
  await environment.advance(600)
  expect(link().sent).toEqual([])
  link().open()
  greeting().resolve()
  await environment.advance(0)

  expect(link().sent).toHaveLength(1)
})

test('[HS2] a message that is too large closes the client also during the handshake', () => {
  const { client, link } = givenGreeting({ maxMessageSize: 10 })
  say(link(), 'welcome', 'far too much')

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'too-large' } })
})

test('[HS2] a link that takes nothing more is left to report its own end', async () => {
  const { client, environment, link, greeting, told } = givenRawGreeting({
    send() {
      throw new RealtimeError('not-open')
    },
  })
  greeting().link.send('hello')
  await environment.advance(0)
  expect(client.state.status).toBe('connecting')
  link().observer.ended(new RealtimeError('lost', 'Closed.', { closeCode: 1001 }))

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'lost', closeCode: 1001 } })
  expect(told.codes).toEqual(['lost'])
})

test('[HS2] a link that throws when the handshake sends is lost', async () => {
  const { client, greeting, told } = givenRawGreeting({
    send() {
      throw thrown
    },
  })
  greeting().link.send('hello')

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2, error: { code: 'lost', cause: thrown } })
  expect(told.codes).toEqual(['lost'])
})

test('[HS2] a codec that cannot write what the handshake sends closes the client with what to change', async () => {
  const { client } = await givenHandshake(({ send }) => send('hello', 1n))

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'invalid-config' } })
})

test('[CN9] a handshake that never settles runs into the deadline', async () => {
  const { client, environment, greeting, link, told } = givenGreeting()
  await environment.advance(9999)
  expect(client.state.status).toBe('connecting')
  await environment.advance(1)

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2, error: { code: 'timeout' } })
  expect(told.codes).toEqual(['timeout'])
  expect(link().closed).toBe(true)
  expect(greeting().link.attempt.signal.aborted).toBe(true)
})

test('[CN9] the time until the link is open and the handshake share one deadline', async () => {
  const { client, environment, link, greetings } = givenGreeting({ openTimeout: 1000 })
  client.reconnect()
  await environment.advance(900)
  link().open()
  await environment.advance(99)
  expect(greetings).toHaveLength(2)
  expect(client.state.status).toBe('connecting')
  await environment.advance(1)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
})

test('[CN9] a handshake that settles after the deadline opens nothing and fails nothing', async () => {
  const { client, environment, greetings, transport, told } = givenGreeting()
  await environment.advance(10_000)
  greetings[0]?.resolve()
  await environment.advance(600)
  transport.links[1]?.open()
  await environment.advance(0)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2 })
  expect(told.codes).toEqual(['timeout'])
})

test('[CN9] a handshake that has resolved leaves no deadline', async () => {
  const { client, environment, greeting, told } = givenGreeting()
  const { held } = environment
  greeting().resolve()
  await environment.advance(0)
  expect(environment.held).toBe(held - 1)
  await environment.advance(600_000)

  expect(client.state.status).toBe('open')
  expect(told.errors).toEqual([])
})

test('[CN9][ES2] the handshake on a link that the platform has restored has a deadline', async () => {
  const { client, environment, link, greeting, greetings, told } = givenRawGreeting()
  greeting().resolve()
  await environment.advance(0)
  link().observer.interrupted(new RealtimeError('lost'), environment.now() + 3000)
  await environment.advance(3000)
  link().observer.opened()
  await environment.advance(10_000)

  expect(greetings).toHaveLength(2)
  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
  expect(told.codes).toEqual(['lost', 'timeout'])
  expect(link().closings).toBe(1)
})

test('[HS2] who hears that the handshake failed sees the state that follows', async () => {
  const { client, environment, greeting } = givenGreeting()
  const seen: string[] = []
  client.onError(() => seen.push(client.state.status))
  greeting().reject(thrown)
  await environment.advance(0)

  expect(seen).toEqual(['waiting'])
})

test('[HS2][WS4] an error of a class of its own, with a name of its own, keeps its code', async () => {
  class AuthError extends RealtimeError {
    // @ts-expect-error -- what the compiler would not let through, JavaScript writes every day.
    override name = 'AuthError'
  }
  const all = given({
    handshake: async () => {
      throw new AuthError('unauthorized')
    },
  })
  all.client.connect()
  for (let count = 0; count < 2; count += 1) {
    all.link().open()
    await all.environment.advance(0)
  }

  expect(all.told.codes).toEqual(['unauthorized', 'unauthorized'])
  expect(all.client.state).toMatchObject({ status: 'closed', error: { code: 'unauthorized', retryable: false } })
})

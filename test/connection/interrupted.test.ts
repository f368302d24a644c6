import { expect, test } from 'vitest'
import { RealtimeError } from '../../src/index.ts'
import { givenRaw, newest, say } from '../circumstances.ts'

/** An open link that is lost, and that the platform will restore 3 s from now. */
function givenInterrupted(options: Parameters<typeof givenRaw>[1] = {}) {
  const all = givenRaw({}, options)
  all.client.connect()
  all.link().observer.opened()
  const retryAt = all.environment.now() + 3000
  all.link().observer.interrupted(new RealtimeError('lost'), retryAt)
  return { ...all, retryAt }
}

test('[ES2] a link that the platform restores is waiting, and told once', () => {
  const { client, told, retryAt, link } = givenInterrupted()

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2, retryAt, error: { code: 'lost' } })
  expect(told.codes).toEqual(['lost'])
  expect(link().closings).toBe(0)
  expect(link().request.signal.aborted).toBe(false)
})

test('[ES2] a link that the platform has restored is open, and the same', async () => {
  const { client, environment, link, transport } = givenInterrupted()
  await environment.advance(3000)
  link().observer.opened()

  expect(client.state).toMatchObject({ status: 'open', openedAt: environment.now() })
  expect(transport.links).toHaveLength(1)
  // A listener to the page, and no timer.
  expect(environment.held).toBe(1)
})

test('[ES2] a link that the platform has restored is heard', () => {
  const { client, link } = givenInterrupted()
  const heard: unknown[] = []
  client.on('news', (data) => heard.push(data))
  link().observer.opened()
  say({ receive: (data) => link().observer.received({ data: String(data) }) }, 'news', 1)

  expect(heard).toEqual([1])
})

test('[ES2] what is sent meanwhile goes out when the link is restored', () => {
  const { client, link } = givenInterrupted()
  expect(client.send('note', 1)).toBe('queued')
  link().observer.opened()

  expect(link().sent).toHaveLength(1)
})

test('[ES2] a link that is not restored by retryAt and openTimeout is replaced', async () => {
  const { client, environment, transport, told } = givenInterrupted({ openTimeout: 500 })
  await environment.advance(3499)
  expect(transport.links[0]?.closings).toBe(0)
  await environment.advance(1)

  expect(transport.links[0]?.closings).toBe(1)
  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
  expect(told.codes).toEqual(['lost', 'timeout'])
})

test('[ES2] the link that comes after is a new one', async () => {
  const { client, environment, transport, link } = givenInterrupted({ openTimeout: 500 })
  await environment.advance(3500 + 1200)
  link().observer.opened()

  expect(transport.links).toHaveLength(2)
  expect(client.state.status).toBe('open')
})

test('[ES2] a link that is interrupted again gets time again', async () => {
  const { client, environment, link, transport } = givenInterrupted({ openTimeout: 500 })
  await environment.advance(3400)
  link().observer.interrupted(new RealtimeError('unreachable'), environment.now() + 3000)
  await environment.advance(3400)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable' } })
  expect(transport.links).toHaveLength(1)
})

test('[ES2] tries of the platform do not count towards maxAttempts', () => {
  const { client, link } = givenInterrupted({ reconnect: { maxAttempts: 3 } })
  for (let count = 0; count < 5; count += 1) link().observer.interrupted(new RealtimeError('unreachable'), 0)
  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2 })
  link().observer.ended(new RealtimeError('unreachable'))

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 3 })
})

test('[BO2] a link that the platform restores only to lose it again is taken over by the client', () => {
  const { client, link, transport, environment } = givenInterrupted()
  for (let count = 0; count < 20 && client.state.status === 'waiting' && link().closings === 0; count += 1) {
    link().observer.opened()
    link().observer.interrupted(new RealtimeError('lost'), environment.now() + 10)
  }

  expect(transport.links).toHaveLength(1)
  expect(link().closings).toBe(1)
  expect(client.state).toMatchObject({ status: 'waiting', attempt: 7, error: { code: 'lost' } })
})

test('[ES2] a link that lasts is left to the platform however often it is lost', async () => {
  const { link, environment } = givenInterrupted()
  for (let count = 0; count < 20; count += 1) {
    link().observer.opened()
    await environment.advance(5000)
    link().observer.interrupted(new RealtimeError('lost'), environment.now() + 10)
  }

  expect(link().closings).toBe(0)
})

test('[ES2] a link that ends while it is restored is followed by a wait of the client', () => {
  const { client, link, environment } = givenInterrupted()
  link().observer.ended(new RealtimeError('unreachable'))

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable' } })
  expect(link().closings).toBe(1)
  // A timer, and a listener to the page.
  expect(environment.held).toBe(2)
})

test('[ES2] without reconnect a link that the platform would restore is closed', () => {
  const { client, link, told, environment } = givenInterrupted({ reconnect: false })

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'lost' } })
  expect(link().closings).toBe(1)
  expect(told.codes).toEqual(['lost'])
  expect(environment.held).toBe(0)
})

test.each(['connect', 'reconnect'] as const)('[ES2][CN5] %s() meanwhile replaces the link', (call) => {
  const { client, transport, link } = givenInterrupted()
  client[call]()
  newest(transport.links.slice(0, 1)).observer.opened()

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  expect(transport.links.map(({ closings }) => closings)).toEqual([1, 0])
  expect(link().request.attempt).toBe(1)
})

test('[ES2][CN2] close() meanwhile closes the link and leaves no timer', () => {
  const { client, link, environment } = givenInterrupted()
  client.close()

  expect(link().closings).toBe(1)
  expect(environment.held).toBe(0)
})

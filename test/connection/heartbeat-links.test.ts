import { expect, test } from 'vitest'
import { type LinkObserver, RealtimeError } from '../../src/index.ts'
import { givenBeating, givenPassive, givenProbed } from './beating.ts'

const signs: readonly [string, (observer: LinkObserver) => void][] = [
  ['a message', (observer) => observer.received({ data: '{"type":"news"}' })],
  ['a message that nobody listens to', (observer) => observer.received({ data: '{"type":"?"}' })],
  ['bytes', (observer) => observer.received({ data: new ArrayBuffer(1) })],
  ['a frame that cannot be read', (observer) => observer.received({ data: '{' })],
  ['a comment', (observer) => observer.alive()],
]

test.each(signs)('[HB2] %s is a sign of life, and no probe is due', async (_, tell) => {
  const { environment, link } = givenBeating()
  await environment.advance(29_999)
  tell(link().observer)
  await environment.advance(29_999)

  expect(link().sent).toEqual([])
})

test.each(signs)('[HB2] %s answers a probe', async (_, tell) => {
  const { environment, link, client } = await givenProbed()
  await environment.advance(4999)
  tell(link().observer)
  await environment.advance(25_000)

  expect(client.state.status).toBe('open')
  expect(link().sent).toHaveLength(1)
})

test.each(signs)('[HB2] %s keeps a link that cannot be probed', async (_, tell) => {
  const { environment, link, client } = givenPassive()
  await environment.advance(34_999)
  tell(link().observer)
  await environment.advance(34_999)

  expect(client.state.status).toBe('open')
})

test.each(signs)('[HB6] %s of a replaced link does not put off the probe of the new one', async (_, tell) => {
  const { environment, client, link } = await givenProbed()
  const replaced = link()
  client.reconnect()
  link().observer.opened()
  await environment.advance(20_000)
  tell(replaced.observer)
  await environment.advance(10_000)
  expect(link().sent).toHaveLength(1)
  tell(replaced.observer)
  await environment.advance(5000)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
})

test('[HB6] a new link is not measured by the probe of the old one', async () => {
  const { environment, client, link } = await givenProbed()
  client.reconnect()
  await environment.advance(2000)
  link().observer.opened()
  await environment.advance(29_999)
  expect(link().sent).toEqual([])
  await environment.advance(1)
  expect(link().sent).toHaveLength(1)
  await environment.advance(4999)

  expect(client.state.status).toBe('open')
})

test('[HB6] a new link is not judged by the sleep of the old one', async () => {
  const { environment, client, link } = givenPassive()
  environment.sleep(3_600_000)
  client.send('note', 1)
  link().observer.ended(new RealtimeError('lost'))
  client.send('note', 2)
  await environment.advance(3000)
  link().observer.opened()
  await environment.advance(0)

  expect(client.state.status).toBe('open')
  expect(link().sent).toEqual(['{"type":"note","data":2}'])
})

test('[HB6] a new link that takes the queue after a sleep is not probed for the silence of the old one', async () => {
  const { environment, client, link } = givenBeating()
  environment.sleep(3_600_000)
  client.send('note', 1)
  client.reconnect()
  client.send('note', 2)
  client.send('note', 3)
  await environment.advance(2000)
  link().observer.opened()
  await environment.advance(29_999)

  expect(link().sent).toHaveLength(2)
})

test('[HB1] a link that the platform has restored is probed after its own silence', async () => {
  const { environment, link, client } = givenBeating()
  await environment.advance(20_000)
  link().observer.interrupted(new RealtimeError('lost'), environment.now() + 9000)
  await environment.advance(15_000)
  expect(link().sent).toEqual([])
  link().observer.opened()
  await environment.advance(29_999)
  expect(link().sent).toEqual([])
  await environment.advance(1)

  expect(link().sent).toHaveLength(1)
  expect(client.state.status).toBe('open')
})

test('[HB1] a link that is not open yet is not probed', async () => {
  const { environment, link, client, transport } = givenBeating({ openTimeout: 600_000 })
  client.reconnect()
  await environment.advance(599_999)

  expect(link().sent).toEqual([])
  expect(transport.links).toHaveLength(2)
  expect(client.state.status).toBe('connecting')
})

test('[HB1][HS1] a link is not probed during its handshake', async () => {
  let welcome = () => {}
  const handshake = () =>
    new Promise<void>((resolve) => {
      welcome = resolve
    })
  const { environment, link, client } = givenBeating({ handshake, openTimeout: 600_000 })
  await environment.advance(100_000)
  expect(link().sent).toEqual([])
  welcome()
  await environment.advance(29_999)
  expect(link().sent).toEqual([])
  await environment.advance(1)

  expect(link().sent).toHaveLength(1)
  expect(client.state.status).toBe('open')
})

const moments: readonly [string, () => ReturnType<typeof givenProbed>][] = [
  ['before the first probe', async () => givenBeating()],
  ['while a probe is out', givenProbed],
  ['without a probe', async () => givenPassive()],
  [
    'after an answer',
    async () => {
      const all = await givenProbed()
      all.hear()
      return all
    },
  ],
  [
    'after a sleep that a send has noticed',
    async () => {
      const all = givenBeating()
      all.environment.sleep(3_600_000)
      all.client.send('note')
      return all
    },
  ],
]

test.each(moments)('[HB1][CN2] %s, close() leaves nothing behind', async (_, circumstance) => {
  const { client, environment, link, told } = await circumstance()
  const sent = link().sent.length
  client.close()
  expect(environment.held).toBe(0)
  await environment.advance(600_000)

  expect(link().sent).toHaveLength(sent)
  expect(told.errors).toEqual([])
})

test.each(moments)('[HB1] %s, an end leaves but the wait', async (_, circumstance) => {
  const { environment, link } = await circumstance()
  link().observer.ended(new RealtimeError('lost'))

  // The wait, and the page.
  expect(environment.held).toBe(2)
})

test('[HB1][CN2] a probe that closes the client leaves nothing behind', async () => {
  const { client, environment, told } = givenBeating({
    heartbeat: {
      probe() {
        client.close()
        return ''
      },
    },
  })
  await environment.advance(30_000)
  expect(environment.held).toBe(0)
  await environment.advance(600_000)

  expect(client.state).toEqual({ status: 'closed' })
  expect(told.errors).toEqual([])
})

test('[HB1][CN2] an error of the probe whose listener closes the client leaves nothing behind', async () => {
  const all = givenBeating({
    heartbeat: {
      probe() {
        throw new Error('no probe')
      },
    },
  })
  all.client.onError(() => all.client.close())
  await all.environment.advance(600_000)

  expect(all.environment.held).toBe(0)
  expect(all.told.codes).toEqual(['invalid-config'])
})

test('[HB6] a probe that calls reconnect() is not waited for on the new link', async () => {
  const { client, environment, transport, link } = givenBeating({
    heartbeat: {
      probe() {
        if (transport.links.length === 1) client.reconnect()
        return 'probe'
      },
    },
  })
  await environment.advance(30_000)
  link().observer.opened()
  await environment.advance(30_000 + 4999)

  expect(transport.links).toHaveLength(2)
  expect(client.state.status).toBe('open')
  expect(transport.links.map(({ closings }) => closings)).toEqual([1, 0])
})

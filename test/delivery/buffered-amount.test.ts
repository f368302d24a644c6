import { expect, test } from 'vitest'
import { RealtimeError, text } from '../../src/index.ts'
import { fakeTransport } from '../../src/testing/index.ts'
import {
  everyStatus,
  given,
  givenConnecting,
  givenOpen,
  givenRaw,
  givenSuspended,
  givenWaiting,
  newest,
  over,
} from '../circumstances.ts'

test.each(everyStatus)('[SQ5] with nothing sent, bufferedAmount is 0 while %s', (_, circumstance) => {
  expect(circumstance().client.bufferedAmount).toBe(0)
})

test.each([
  ['idle', given],
  ['connecting', givenConnecting],
  ['waiting', givenWaiting],
  ['suspended', givenSuspended],
] as const)('[SQ5] while %s, what is queued counts in bytes', (_, circumstance) => {
  const { client } = circumstance({ codec: text() })
  client.send('message', 'abc')
  client.send('message', '🚀é')

  expect(client.bufferedAmount).toBe(9)
})

test('[SQ5] while open, what the link has not sent counts, as the link says', () => {
  const { client, link } = givenOpen()
  client.send('note', 1)
  expect(client.bufferedAmount).toBe(0)
  link().bufferedAmount = 5000

  expect(client.bufferedAmount).toBe(5000)
})

test('[SQ5] what waits on a link that takes no more, and what waits for the next, are counted together', () => {
  const inner = fakeTransport()
  const refusing: typeof inner = {
    ...inner,
    open: (request, observer) => Object.defineProperties(inner.open(request, observer), { send: { value: refuse } }),
  }
  const { client } = over(refusing, { codec: text() })
  client.connect()
  newest(inner.links).open()
  newest(inner.links).bufferedAmount = 100

  expect(client.send('message', 'abc')).toBe('queued')
  expect(client.bufferedAmount).toBe(103)
})

test('[SQ5] while connecting, what a handshake has sent counts beside the queue', () => {
  const { client, link } = givenConnecting({ codec: text(), handshake: ({ next }) => void next('never') })
  client.send('message', 'abc')
  link().open()
  link().bufferedAmount = 7

  expect(client.state.status).toBe('connecting')
  expect(client.bufferedAmount).toBe(10)
})

test('[SQ5] when the queue has gone out it counts no more', () => {
  const { client, link } = givenConnecting()
  client.send('note', 1)
  link().open()

  expect(client.bufferedAmount).toBe(0)
})

test.each([
  ['a loss', (all: ReturnType<typeof givenOpen>) => all.link().end()],
  ['reconnect()', ({ client }: ReturnType<typeof givenOpen>) => client.reconnect()],
  ['close()', ({ client }: ReturnType<typeof givenOpen>) => client.close()],
  ['a freeze', ({ environment }: ReturnType<typeof givenOpen>) => environment.freeze()],
])('[SQ5] after %s, what the old link had not sent counts no more', (_, act) => {
  const all = givenOpen()
  all.link().bufferedAmount = 5000
  act(all)

  expect(all.client.bufferedAmount).toBe(0)
})

test.each([
  ['close()', (all: ReturnType<typeof given>) => all.client.close()],
  ['a failure', (all: ReturnType<typeof given>) => all.link().end({ code: 'refused' })],
])('[SQ5] after %s, nothing is left of the queue', (_, act) => {
  const all = givenConnecting()
  all.client.send('note', 1)
  act(all)

  expect(all.client.bufferedAmount).toBe(0)
})

test('[SQ5] what was refused, dropped or thrown for does not count', () => {
  const { client } = givenConnecting({ codec: text(), queue: { maxMessages: 1, whenFull: 'drop-newest' } })
  client.send('message', 'abc')
  client.send('message', 'defgh')
  client.send('message', 'volatile', { volatile: true })
  expect(() => client.send('message', 5)).toThrow()

  expect(client.bufferedAmount).toBe(3)
})

test('[SQ5] room that was made is not counted', () => {
  const { client } = givenConnecting({ codec: text(), queue: { maxMessages: 2, whenFull: 'drop-oldest' } })
  for (const message of ['a', 'bb', 'ccc', 'dddd']) client.send('message', message)

  expect(client.bufferedAmount).toBe(7)
})

test('[SQ5] a link that does not tell counts nothing', () => {
  const { client, link } = givenRaw()
  client.connect()
  link().observer.opened()

  expect(client.bufferedAmount).toBe(0)
})

test('[SQ5] a transport that cannot send has nothing to tell, and nothing to wait for', async () => {
  const transport = fakeTransport({ duplex: false })
  const { client } = over(transport)
  client.connect()
  newest(transport.links).open()

  expect(client.bufferedAmount).toBe(0)
  await expect(client.drained()).resolves.toBeUndefined()
})

/** As a socket that is closing does. */
function refuse(): never {
  throw new RealtimeError('not-open')
}

import { expect, test } from 'vitest'
import { countedSignal, given, givenConnecting, givenFailed, givenOpen, givenWaiting, live } from '../circumstances.ts'

const mistake = expect.objectContaining({ code: 'invalid-config' })

test.each([999, 1001, 1005, 1006, 2999, 4999.6, 5000, -1, Number.NaN])('[WS3] close(%s) throws', (code) => {
  const { client, link } = givenOpen()

  expect(() => client.close(code)).toThrow(mistake)
  expect(client.state.status).toBe('open')
  expect(link().closed).toBe(false)
})

test.each([undefined, 1000, 3000, 4999])('[WS3] close(%s) closes', (code) => {
  const { client, link } = givenOpen()
  client.close(code, 'done')

  expect(link()).toMatchObject({ closed: true, closedWith: { 1: 'done' } })
  expect(link().closedWith[0] ?? 1000).toBe(code ?? 1000)
})

test.each([
  ['of 124 letters', 'x'.repeat(124)],
  ['of 62 letters with two bytes each', 'é'.repeat(62)],
])('[WS3] a reason %s throws before anything changes', (_, reason) => {
  const { client } = givenOpen()

  expect(() => client.close(1000, reason)).toThrow(mistake)
  expect(client.state.status).toBe('open')
})

test('[WS3] a reason of 123 bytes closes', () => {
  const { client } = givenOpen()
  client.close(1000, `${'é'.repeat(61)}x`)

  expect(client.state.status).toBe('closed')
})

test('[WS3] a wrong code throws on a closed client as well', () => {
  expect(() => givenFailed().client.close(1001)).toThrow(mistake)
})

test.each([
  ['idle', given],
  ['connecting', givenConnecting],
  ['open', givenOpen],
  ['waiting', givenWaiting],
] as const)('[CN2] the signal of a client that is %s closes it', (_, circumstance) => {
  const { abort, signal } = countedSignal()
  const { client, environment, told } = circumstance({ signal })
  abort()

  expect(client.state).toEqual({ status: 'closed' })
  expect(environment.held).toBe(0)
  expect(told.states.at(-1)).toBe(client.state)
})

test('[CN2] the signal closes the link and aborts the attempt', () => {
  const { abort, signal } = countedSignal()
  const { link } = givenOpen({ signal })
  abort()

  expect(link().closed).toBe(true)
  expect(link().request.signal.aborted).toBe(true)
})

test('[CN2] a client whose signal was aborted before is closed from the start', () => {
  expect(given({ signal: AbortSignal.abort() }).client.state).toEqual({ status: 'closed' })
})

test.each(['connect', 'reconnect'] as const)('[CN2] after its signal was aborted, %s() does nothing', (call) => {
  const { abort, signal } = countedSignal()
  const { client, transport } = givenOpen({ signal })
  abort()
  client[call]()

  expect(client.state.status).toBe('closed')
  expect(transport.links).toHaveLength(1)
})

test.each([
  ['close()', givenOpen],
  ['a failure', givenFailed],
] as const)('[CN2] a client that %s has closed does not listen to its signal', (_, circumstance) => {
  const { signal, listeners } = countedSignal()
  circumstance({ signal }).client.close()

  expect(listeners.size).toBe(0)
})

test('[CN2] a client that was closed and connects again listens to its signal again', () => {
  const { abort, signal } = countedSignal()
  const { client, link } = givenOpen({ signal })
  client.close()
  client.connect()
  link().open()
  abort()

  expect(client.state.status).toBe('closed')
})

test('[CN14] a client listens to its signal once, however often it reconnects', () => {
  const { signal, listeners } = countedSignal()
  const { client } = givenOpen({ signal })
  for (let count = 0; count < 100; count += 1) client.reconnect()

  expect(listeners.size).toBe(1)
})

test('[CN7] a signal that is aborted inside of a listener closes in that moment', () => {
  const { abort, signal } = countedSignal()
  const { client, link, transport } = givenConnecting({ signal })
  const seen: string[] = []
  client.onState(({ status }) => {
    if (status !== 'open') return
    abort()
    seen.push(client.state.status)
  })
  link().open()

  expect(seen).toEqual(['closed'])
  expect(live(transport.links)).toBe(0)
})

import { expect, test } from 'vitest'
import { everyStatus, givenConnecting, givenOpen, givenWaiting, payloads, say } from '../circumstances.ts'

test('[CN12] reconnect() replaces an open link at once, as attempt 1 and without an error', () => {
  const { client, link, told } = givenOpen()
  client.reconnect()

  expect(client.state).toEqual({ status: 'connecting', attempt: 1 })
  expect(link().request).toMatchObject({ attempt: 1, error: undefined })
  expect(told.errors).toEqual([])
})

test.each(everyStatus)('[CN12] reconnect() from %s dials, as attempt 1', (_, circumstance) => {
  const { client, link } = circumstance()
  client.reconnect()

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  expect(link()).toMatchObject({ closed: false, request: { attempt: 1 } })
})

test('[CN12] reconnect() has no penalty: the failure after it waits as the first one does', () => {
  const { client, link } = givenWaiting()
  client.reconnect()
  link().end()

  expect(client.state).toMatchObject({ attempt: 2, retryAt: 1_700_000_000_600 })
})

test('[CN12] reconnect() keeps listeners, queue and lastEventId', () => {
  const { client, link } = givenOpen()
  const heard: unknown[] = []
  client.on('news', (data) => heard.push(data))
  say(link(), 'news', 1, '7')
  client.reconnect()
  client.send('note', 'kept')
  client.reconnect()
  link().open()
  say(link(), 'news', 2)

  expect(heard).toEqual([1, 2])
  expect(payloads(link().sent)).toEqual(['kept'])
  expect(link().request.lastEventId).toBe('7')
})

test('[CN7] connect() while the signal of a lost try is aborted dials, with the whole deadline', async () => {
  const { client, environment, link, transport } = givenConnecting()
  link().request.signal.addEventListener('abort', () => client.connect())
  link().end()
  await environment.advance(9999)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  expect(transport.links).toHaveLength(2)
})

test('[CN7] close() while the signal of a replaced link is aborted leaves nothing dialed', () => {
  const { client, environment, link, transport } = givenOpen()
  link().request.signal.addEventListener('abort', () => client.close())
  client.reconnect()

  expect(client.state.status).toBe('closed')
  expect(transport.links).toHaveLength(1)
  expect(environment.held).toBe(0)
})

import { expect, test } from 'vitest'
import { given, givenConnecting, givenOpen, givenWaiting, payloads } from '../circumstances.ts'
import { givenBeating, givenPassive, givenProbed } from './beating.ts'
import { givenOffline, givenRetryAfter } from './resting.ts'

const probing = { heartbeat: { probe: { event: 'ping' } } }

test('[LC6] a try under way when the page goes offline may open', () => {
  const { client, environment, link, transport } = givenConnecting()
  environment.setOnline(false)
  link().open()

  expect(client.state.status).toBe('open')
  expect(transport.links).toHaveLength(1)
})

test('[LC6] a try under way when the page goes offline fails by itself, and is followed by a rest', () => {
  const { client, environment, link, told } = givenConnecting()
  environment.setOnline(false)
  expect(link().closed).toBe(false)
  link().end()

  expect(client.state).toMatchObject({ status: 'suspended', reason: 'offline', error: { code: 'unreachable' } })
  expect(told.statuses).toEqual(['connecting', 'suspended'])
  expect(told.codes).toEqual(['unreachable'])
})

test('[LC6] a try under way when the page goes offline has its whole time', async () => {
  const { client, environment } = givenConnecting({ openTimeout: 4000 })
  environment.setOnline(false)
  await environment.advance(3999)
  expect(client.state.status).toBe('connecting')
  await environment.advance(1)

  expect(client.state).toMatchObject({ status: 'suspended', reason: 'offline', error: { code: 'timeout' } })
})

test('[LC6] a handshake under way when the page goes offline is not probed', async () => {
  const { client, environment, link } = givenOpen({ ...probing, handshake: () => new Promise(() => {}) })
  environment.setOnline(false)
  await environment.advance(0)

  expect(client.state.status).toBe('connecting')
  expect(link().sent).toEqual([])
})

test('[LC1] a page that is online again before the try fails does not matter to it', () => {
  const { client, environment, link } = givenConnecting()
  environment.setOnline(false)
  environment.setOnline(true)
  link().end()

  expect(client.state.status).toBe('waiting')
})

test('[LC6] an open link is probed once, at once', async () => {
  const { environment, link } = givenOpen(probing)
  await environment.advance(2000)
  environment.setOnline(false)
  expect(link().sent.map(String)).toEqual(['{"type":"ping"}'])
  environment.setOnline(false)
  environment.setVisible(false)
  await environment.advance(4999)

  expect(link().sent).toHaveLength(1)
})

test('[LC6] a link that is being probed already is not probed again', async () => {
  const { environment, link } = await givenProbed()
  environment.setOnline(false)

  expect(link().sent).toHaveLength(1)
})

test('[LC6] a link that has answered is probed when the page goes offline again', () => {
  const { environment, link, hear } = givenBeating()
  environment.setOnline(false)
  hear()
  environment.setOnline(false)

  expect(link().sent).toHaveLength(2)
})

test('[LC6] a link without a probe is asked nothing', async () => {
  const { environment, client, link } = givenPassive()
  environment.setOnline(false)
  await environment.advance(34_999)

  expect(link().sent).toEqual([])
  expect(client.state.status).toBe('open')
})

test('[LC1] an open link that answers stays, and nobody hears of it', async () => {
  const { client, environment, hear, told, transport } = givenBeating()
  environment.setOnline(false)
  hear()
  await environment.advance(29_000)

  expect(client.state.status).toBe('open')
  expect(told.statuses).toEqual(['connecting', 'open'])
  expect(transport.links).toHaveLength(1)
})

test('[LC1] an open link that does not answer is given up, and the client rests until it is online', async () => {
  const { client, environment, link, told, transport } = givenBeating()
  environment.setOnline(false)
  await environment.advance(5000)
  expect(client.state).toMatchObject({ status: 'suspended', reason: 'offline', error: { code: 'silent' } })
  expect(link().closings).toBe(1)
  await environment.advance(3_600_000)
  expect(transport.links).toHaveLength(1)
  environment.setOnline(true)

  expect(told.statuses).toEqual(['connecting', 'open', 'suspended', 'connecting'])
  expect(transport.links).toHaveLength(2)
})

test('[LC1] an open link without a heartbeat stays until it is lost', async () => {
  const { client, environment, link } = givenOpen()
  environment.setOnline(false)
  await environment.advance(3_600_000)
  expect(client.state.status).toBe('open')
  link().end()

  expect(client.state).toMatchObject({ status: 'suspended', reason: 'offline', error: { code: 'lost' } })
})

test('[LC1] a wait becomes a rest without a timer, with the error that led to it', async () => {
  const { client, environment, told, transport } = givenWaiting()
  const [error] = told.errors
  environment.setOnline(false)
  expect(client.state).toEqual({ status: 'suspended', reason: 'offline', error })
  // A listener to the page.
  expect(environment.held).toBe(1)
  await environment.advance(3_600_000)

  expect(transport.links).toHaveLength(1)
})

test('[LC1] the try after a rest is the one that was waited for', () => {
  const { client, environment, link, told } = givenOffline()
  environment.setOnline(true)

  expect(client.state).toEqual({ status: 'connecting', attempt: 2, error: told.errors[0] })
  expect(link().request).toMatchObject({ attempt: 2, error: { code: 'unreachable' } })
})

test('[LC1] a page that is offline twice is told once', () => {
  const { client, environment, told } = givenOffline()
  const { state } = client
  environment.setOnline(false)

  expect(client.state).toBe(state)
  expect(told.statuses).toEqual(['connecting', 'waiting', 'suspended'])
})

test.each(['connect', 'reconnect'] as const)('[LC1] %s() while offline tries anyway, as attempt 1', (call) => {
  const { client, link, transport } = givenOffline()
  client[call]()

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  expect(link().request.attempt).toBe(1)
  expect(transport.links).toHaveLength(2)
})

test('[LC1] a forced try that fails goes to waiting, and so does the next', async () => {
  const { client, environment, link } = givenOffline()
  client.connect()
  link().end()
  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2 })
  await environment.advance(600)
  link().end()

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 3 })
})

test('[LC1] a page that goes offline again after a forced try lets the client rest again', () => {
  const { client, environment, link } = givenOffline()
  client.connect()
  environment.setOnline(false)
  link().end()

  expect(client.state).toMatchObject({ status: 'suspended', reason: 'offline' })
})

test('[LC1] a forced try that opens is a link like any other', () => {
  const { client, environment, link } = givenOffline()
  client.connect()
  link().open()
  environment.setOnline(true)

  expect(client.state.status).toBe('open')
  expect(link().closed).toBe(false)
})

test('[LC1] connect() on a client that was closed while offline tries, and its failure goes to waiting', () => {
  const { client, link } = givenOffline()
  client.close()
  client.connect()
  link().end()

  expect(client.state.status).toBe('waiting')
})

test('[LC1] without an event the client does not ask whether it is offline', () => {
  const { client, environment, link } = given()
  environment.setOnline(false)
  client.connect()
  link().end()

  expect(client.state.status).toBe('waiting')
})

test('[LC1] a failure that is final closes the client, offline or not', () => {
  const { client, environment, link } = givenConnecting({ reconnect: { maxAttempts: 1 } })
  environment.setOnline(false)
  link().end()

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unreachable' } })
  expect(environment.held).toBe(0)
})

test('[LC1] a wait that the server asked for becomes a rest too', () => {
  const { client, environment } = givenRetryAfter()
  environment.setOnline(false)

  expect(client.state).toMatchObject({ status: 'suspended', reason: 'offline', error: { retryAfter: 60_000 } })
})

test('[LC1] a page that went offline while it was frozen rests on where the server has asked for time', () => {
  const { client, environment, told, askedUntil } = givenRetryAfter()
  environment.freeze()
  environment.setOnline(false)
  environment.resume()
  expect(client.state).toMatchObject({ status: 'suspended', reason: 'offline', error: { retryAfter: 60_000 } })
  expect(told.statuses).toEqual(['connecting', 'waiting', 'suspended', 'suspended'])
  environment.setOnline(true)

  expect(client.state).toMatchObject({ status: 'waiting', retryAt: askedUntil })
})

test('[LC1] a page that went offline while it was hidden rests on where the server has asked for time', async () => {
  const { client, environment } = givenRetryAfter({ lifecycle: { hidden: 1000 } })
  environment.setVisible(false)
  await environment.advance(1000)
  environment.setOnline(false)
  environment.setVisible(true)

  expect(client.state).toMatchObject({ status: 'suspended', reason: 'offline', error: { retryAfter: 60_000 } })
})

test('[LC1] what is sent while offline goes out when it is open again', () => {
  const { client, environment, link } = givenOffline()
  expect(client.send('note', 1)).toBe('queued')
  environment.setOnline(true)
  link().open()

  expect(payloads(link().sent)).toEqual([1])
})

test('[LC1] a link that has opened since `offline` in a page out of the cache is lost to a wait', async () => {
  const { client, environment, link } = givenOpen()
  environment.setOnline(false)
  environment.pageHide(true)
  // The network comes back, and nobody tells a page in the cache.
  environment.pageShow(true)
  link().open()
  await environment.advance(60_000)
  link().end({ closeCode: 1006 })

  expect(client.state.status).toBe('waiting')
})

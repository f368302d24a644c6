import { expect, test } from 'vitest'
import { type ErrorCode, RealtimeError } from '../../src/index.ts'
import { type given, givenConnecting, givenOpen, givenRaw, waitOf } from '../circumstances.ts'

/** A client whose first try was refused for its credentials. */
function givenRefused(options: Parameters<typeof given>[0] = {}) {
  const all = givenConnecting(options)
  all.link().end({ code: 'unauthorized', closeCode: 4401 })
  return all
}

/** The same, and the attempt with fresh credentials is open for so long. */
async function givenAccepted(ms: number) {
  const all = givenRefused()
  all.link().open()
  await all.environment.advance(ms)
  return all
}

function afterEnd(error: RealtimeError) {
  const { client, link } = givenRaw()
  client.connect()
  link().observer.ended(error)
  return client.state
}

const allCodes: readonly [ErrorCode, string][] = [
  ['unreachable', 'waiting'],
  ['timeout', 'waiting'],
  ['silent', 'waiting'],
  ['lost', 'waiting'],
  ['unauthorized', 'connecting'],
  ['ended', 'closed'],
  ['refused', 'closed'],
  ['not-a-stream', 'closed'],
  ['insecure', 'closed'],
  ['invalid-config', 'closed'],
  ['unsupported', 'closed'],
  ['decode', 'closed'],
  ['invalid', 'closed'],
  ['too-large', 'closed'],
  ['queue-full', 'closed'],
  ['not-open', 'closed'],
  ['receive-only', 'closed'],
  ['listener', 'closed'],
  ['expired', 'closed'],
  ['aborted', 'closed'],
]

test.each(allCodes)('[TR5] a try that ends as %s leads to %s', (code, status) => {
  const error = new RealtimeError(code)

  expect(afterEnd(error)).toMatchObject({ status, error })
})

test.each(allCodes.filter(([, status]) => status === 'waiting'))('[TR5] a %s that is not retryable closes', (code) => {
  expect(afterEnd(new RealtimeError(code, code, { retryable: false })).status).toBe('closed')
})

test('[TR5] a refusal that is retryable is tried again', () => {
  expect(afterEnd(new RealtimeError('refused', 'busy', { retryable: true })).status).toBe('waiting')
})

test('[TR5] the facts of an end reach state and listeners as they were reported', () => {
  const facts = { closeCode: 1012, closeReason: 'restart', wasClean: true, status: 503, hint: 'Look there.' }
  const error = new RealtimeError('lost', 'gone', facts)
  const { client, link, told } = givenRaw()
  client.connect()
  link().observer.ended(error)

  expect(client.state).toMatchObject({ status: 'waiting', error: facts })
  expect(told.errors).toEqual([error])
})

test('[TR5] a close code that was not reported is not invented', () => {
  const { client, link } = givenConnecting()
  link().end()
  const { error } = client.state as { error: RealtimeError }

  expect(error.code).toBe('unreachable')
  expect('closeCode' in error || 'wasClean' in error || 'closeReason' in error).toBe(false)
})

test('[WS4] a refusal is followed by one attempt at once, which is told the refusal', () => {
  const { client, link, told, transport } = givenRefused()

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2, error: { code: 'unauthorized' } })
  expect(link().request.error).toMatchObject({ code: 'unauthorized', closeCode: 4401 })
  expect(transport.links).toHaveLength(2)
  expect(told.codes).toEqual(['unauthorized'])
})

test('[WS4] a second refusal in a row closes, for good', () => {
  const { client, link, told, environment } = givenRefused()
  link().end({ code: 'unauthorized', closeCode: 4401 })

  expect(client.state).toMatchObject({
    status: 'closed',
    error: { code: 'unauthorized', retryable: false, closeCode: 4401 },
  })
  expect(told.errors.map(({ retryable }) => retryable)).toEqual([true, false])
  expect(environment.held).toBe(0)
})

test('[WS4] a second refusal after a link that was open for a moment closes', async () => {
  const { client, link } = await givenAccepted(4999)
  link().end({ code: 'unauthorized' })

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unauthorized' } })
})

test('[WS4] a second refusal after a stable link asks for fresh credentials again', async () => {
  const { client, link, transport } = await givenAccepted(5000)
  link().end({ code: 'unauthorized' })

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 1 })
  expect(transport.links).toHaveLength(3)
})

test.each(['connect', 'reconnect'] as const)('[WS4] %s() by the user starts the history anew', (call) => {
  const { client, link } = givenRefused()
  link().end({ code: 'unauthorized' })
  client[call]()
  link().end({ code: 'unauthorized' })

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2 })
})

test('[WS4] another failure of the attempt with fresh credentials is followed by a wait', () => {
  const all = givenRefused()
  all.link().end()

  expect(all.client.state).toMatchObject({ status: 'waiting', attempt: 3 })
  expect(waitOf(all)).toBe(1200)
})

test('[WS4] a refusal of an open link is followed by one attempt at once', () => {
  const { client, link } = givenOpen()
  link().end({ code: 'unauthorized' })

  expect(client.state).toMatchObject({ status: 'connecting', error: { code: 'unauthorized' } })
})

test('[BO6] at a first refusal only a null of the policy counts', () => {
  expect(givenRefused({ reconnect: () => 5000 }).client.state.status).toBe('connecting')
  expect(givenRefused({ reconnect: () => null }).client.state).toMatchObject({
    status: 'closed',
    error: { code: 'unauthorized' },
  })
})

test('[WS4] without reconnect the first refusal closes', () => {
  expect(givenRefused({ reconnect: false }).client.state.status).toBe('closed')
})

test.each([
  ['text', 'x'.repeat(11)],
  ['bytes', new ArrayBuffer(11)],
])('[TR5] a message of %s over maxMessageSize closes as too large', (_, data) => {
  const { client, link, told } = givenOpen({ maxMessageSize: 10 })
  client.onAny(() => client.reconnect())
  link().receive({ data })

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'too-large', retryable: false } })
  expect(told.codes).toEqual(['too-large'])
  expect(link().closed).toBe(true)
})

test('[TR5][FS9] a message may have 16 MiB unless told otherwise', () => {
  const { client, link } = givenOpen()
  link().receive({ data: new ArrayBuffer(16_777_216) })
  expect(client.state.status).toBe('open')
  link().receive({ data: new ArrayBuffer(16_777_217) })

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'too-large' } })
})

test.each([
  ['text', '"12345678"'],
  ['bytes', new ArrayBuffer(10)],
])('[TR5] a message of %s of just maxMessageSize is heard', (_, data) => {
  const { client, link } = givenOpen({ maxMessageSize: 10 })
  const heard: unknown[] = []
  client.onAny((payload) => heard.push(payload))
  link().receive({ data })

  expect(heard).toHaveLength(1)
  expect(client.state.status).toBe('open')
})

test('[TR5] a message that is too large moves no lastEventId', () => {
  const { client, link } = givenOpen({ maxMessageSize: 10, lastEventId: '1' })
  link().receive({ data: 'x'.repeat(11), event: 'news', id: '2' })

  expect(client.lastEventId).toBe('1')
})

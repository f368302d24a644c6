import { expect, test } from 'vitest'
import { type Attempt, eventSource, webSocket } from '../../src/index.ts'
import { given, givenOpen, over, say } from '../circumstances.ts'

/** A platform socket or source that does nothing. */
const Silent = class {
  addEventListener() {}
  removeEventListener() {}
  close() {}
} as unknown as typeof WebSocket & typeof EventSource

test('[RS1] lastEventId has moved when the listener runs', () => {
  const { client, link } = givenOpen()
  const seen: string[] = []
  client.on('news', () => seen.push(client.lastEventId))
  client.onAny(() => seen.push(client.lastEventId))
  say(link(), 'news', 1, '7')

  expect(seen).toEqual(['7', '7'])
})

test('[RS1] the id of a server-sent event counts before one inside of its payload', () => {
  const { client, link } = givenOpen({
    codec: { encode: String, decode: ({ data }) => ({ event: 'news', data, id: 'inside' }) },
  })
  link().receive({ data: 'x', id: 'outside' })

  expect(client.lastEventId).toBe('outside')
})

test('[RS1] a message without an id leaves it', () => {
  const { client, link } = givenOpen({ lastEventId: '6' })
  say(link(), 'news')

  expect(client.lastEventId).toBe('6')
})

test('[RS1] a message with an empty id in its JSON leaves it, too', () => {
  const { client, link } = givenOpen({ lastEventId: '6' })
  const metas: unknown[] = []
  client.on('news', (_, { id }) => metas.push(id))
  say(link(), 'news', 1, '')

  expect(client.lastEventId).toBe('6')
  expect(metas).toEqual([''])
})

test('[RS1] an empty id of a stream empties it', () => {
  const { client, link } = givenOpen({ lastEventId: '6' })
  link().receive({ data: '1', event: 'news', id: '' })

  expect(client.lastEventId).toBe('')
})

test.each([
  ['cannot be read', '{'],
  ['nobody listens to', '1'],
])('[RS1] the id of a server-sent event that %s counts', (_, data) => {
  const { client, link } = givenOpen()
  link().receive({ data, event: 'news', id: '7' })

  expect(client.lastEventId).toBe('7')
})

test('[RS1] the id of a server-sent event that the codec keeps silent about counts', () => {
  const { client, link } = givenOpen({ codec: { encode: String, decode: () => undefined } })
  link().receive({ data: 'x', id: '7' })

  expect(client.lastEventId).toBe('7')
})

test('[RS1] a listener that throws does not move it back', () => {
  const { client, link } = givenOpen()
  client.on('news', () => {
    throw new Error('a bug')
  })
  say(link(), 'news', 1, '7')

  expect(client.lastEventId).toBe('7')
})

test('[RS2] an attempt reads the newest id whenever it asks', () => {
  const { client, link } = givenOpen({ lastEventId: '1' })
  const { request } = link()
  expect(request.lastEventId).toBe('1')
  say(link(), 'news', 1, '2')

  expect(request.lastEventId).toBe('2')
  client.reconnect()
  expect(link().request.lastEventId).toBe('2')
})

test.each(['close() and connect()', 'a loss'])('[RS2] the id outlives %s', async (what) => {
  const { client, link, environment } = givenOpen()
  say(link(), 'news', 1, '2')
  if (what === 'a loss') link().end()
  else {
    client.close()
    client.connect()
  }
  await environment.advance(600)

  expect(link().request.lastEventId).toBe('2')
})

test('[RS2] the option is where the first attempt resumes from', () => {
  const { client, link } = given({ lastEventId: 'from the page' })
  client.connect()

  expect(client.lastEventId).toBe('from the page')
  expect(link().request.lastEventId).toBe('from the page')
})

test('[RS2] without the option the first attempt has no id', () => {
  expect(given().client.lastEventId).toBe('')
})

test.each([
  ['webSocket', (url: (attempt: Attempt) => string) => webSocket(url, { WebSocket: Silent })],
  ['eventSource', (url: (attempt: Attempt) => string) => eventSource(url, { EventSource: Silent })],
])('[RS2] a provider of %s is told id, number, error and signal of the attempt', async (_, transport) => {
  const asked: { id: string; attempt: number; code: unknown; aborted: boolean }[] = []
  const url = ({ lastEventId, attempt, error, signal }: Attempt) => {
    asked.push({ id: lastEventId, attempt, code: error?.code, aborted: signal.aborted })
    if (attempt === 1) throw new Error('no ticket')
    return 'http://localhost/live'
  }
  const { client, environment } = over(transport(url) as never, { lastEventId: '5' })
  client.connect()
  await environment.advance(600)

  expect(asked).toEqual([
    { id: '5', attempt: 1, code: undefined, aborted: false },
    { id: '5', attempt: 2, code: 'unreachable', aborted: false },
  ])
})

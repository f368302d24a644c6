/** What a page that stopped running takes along to its new link, and what it leaves behind with the old one. */
import { expect, test } from 'vitest'
import { RealtimeError, webSocket } from '../../src/index.ts'
import { givenConnecting, givenOpen, givenRaw, over, payloads, say } from '../circumstances.ts'
import { givenGreeting, outcomeOf } from './greeting.ts'
import { givenRetryAfter, ways } from './resting.ts'

const lateReports: readonly [string, (link: ReturnType<ReturnType<typeof givenRaw>['link']>) => void][] = [
  ['its end', ({ observer }) => observer.ended(new RealtimeError('lost', 'late', { closeCode: 1006 }))],
  ['that it is open', ({ observer }) => observer.opened()],
  ['that it is restored', ({ observer }) => observer.interrupted(new RealtimeError('lost'), 0)],
  ['a message', ({ observer }) => observer.received({ data: '{"type":"news","id":"9"}' })],
  ['its wish for the next wait', ({ observer }) => observer.retryAfter(20_000)],
  ['a sign of life', ({ observer }) => observer.alive()],
]

test.each(lateReports)('[LC2][LC3] an old link that tells %s late is not heard, at whatever moment', (_, report) => {
  const { client, environment, link, told } = givenRaw()
  const heard: unknown[] = []
  client.on('news', (data) => heard.push(data))
  client.connect()
  link().observer.opened()
  const old = link()
  const moments = [
    () => environment.pageHide(true),
    () => environment.pageShow(true),
    () => link().observer.opened(),
    () => environment.setVisible(false),
  ]
  for (const moment of moments) {
    moment()
    report(old)
  }

  expect(told.statuses).toEqual(['connecting', 'open', 'suspended', 'connecting', 'open'])
  expect(told.errors).toEqual([])
  expect(heard).toEqual([])
  expect(client.lastEventId).toBe('')
  link().observer.ended(new RealtimeError('lost'))
  expect(client.state).toMatchObject({ status: 'waiting', retryAt: environment.now() + 600 })
})

test.each(ways)('%s give a handshake up, and it runs anew on the new link', async (_, leave, comeBack) => {
  const { client, environment, greeting, greetings, link, told } = givenGreeting()
  const next = outcomeOf(greeting().link.next('welcome'))
  leave(environment)
  await environment.advance(0)
  expect(next()).toBe('aborted')
  comeBack(environment)
  link().open()
  greetings[0]?.resolve()
  await environment.advance(0)
  expect(client.state.status).toBe('connecting')
  expect(greetings).toHaveLength(2)
  greeting().resolve()
  await environment.advance(0)

  expect(client.state.status).toBe('open')
  expect(told.errors).toEqual([])
})

test.each(ways)('%s end a try whose URL is still being asked for, and it opens nothing', async (_, leave) => {
  let dials = 0
  let answer = (_: string): void => {}
  class Counted {
    constructor() {
      dials += 1
    }
  }
  const url = () => new Promise<string>((resolve) => (answer = resolve))
  const { client, environment } = over(webSocket(url, { WebSocket: Counted as never }))
  client.connect()
  leave(environment)
  answer('ws://localhost/')
  await environment.advance(60_000)

  expect(client.state.status).toBe('suspended')
  expect(dials).toBe(0)
})

test.each(ways)('%s do not forget that the server has asked for time', async (_, leave, comeBack) => {
  const { client, environment, askedUntil, transport } = givenRetryAfter()
  await environment.advance(10_000)
  leave(environment)
  expect(client.state).toMatchObject({ status: 'suspended', reason: 'frozen', error: { retryAfter: 60_000 } })
  comeBack(environment)
  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2, retryAt: askedUntil })
  await environment.advance(askedUntil - environment.now() - 1)
  expect(transport.links).toHaveLength(1)
  await environment.advance(1)

  expect(transport.links).toHaveLength(2)
})

test.each(ways)('%s keep what was queued, in order', (_, leave, comeBack) => {
  const { client, environment, link } = givenConnecting()
  client.send('note', 1)
  leave(environment)
  expect(client.send('note', 2)).toBe('queued')
  comeBack(environment)
  client.send('note', 3)
  link().open()

  expect(payloads(link().sent)).toEqual([1, 2, 3])
})

test.each(ways)('%s keep the id to resume from', (_, leave, comeBack) => {
  const { client, environment, link } = givenOpen()
  say(link(), 'news', 1, '41')
  leave(environment)
  expect(client.lastEventId).toBe('41')
  comeBack(environment)

  expect(link().request.lastEventId).toBe('41')
})

test.each(ways)('%s go on with a heartbeat of the new link', async (_, leave, comeBack) => {
  const { environment, link, told } = givenOpen({ heartbeat: { probe: { event: 'ping' } } })
  await environment.advance(30_000)
  leave(environment)
  await environment.advance(3_600_000)
  expect(told.errors).toEqual([])
  comeBack(environment)
  link().open()
  await environment.advance(29_999)
  expect(link().sent).toHaveLength(0)
  await environment.advance(1)

  expect(link().sent).toHaveLength(1)
})

test.each(ways)('%s: nothing misses signs of life in between', async (_, leave) => {
  const { client, environment, told } = givenOpen({ heartbeat: { idle: 1000, timeout: 1000 } })
  leave(environment)
  await environment.advance(3_600_000)

  expect(client.state).toEqual({ status: 'suspended', reason: 'frozen' })
  expect(told.errors).toEqual([])
})

import { expect, test } from 'vitest'
import type { Handshake } from '../../src/index.ts'
import { fakeTransport } from '../../src/testing/index.ts'
import { codeThrownBy, given, over, say } from '../circumstances.ts'
import { givenGreeting, givenHandshake, givenRawGreeting, outcomeOf, slowHandshake } from './greeting.ts'

/** All that listeners hear, in order. */
function hearAll({ client }: Pick<ReturnType<typeof givenGreeting>, 'client'>): unknown[] {
  const heard: unknown[] = []
  client.onAny((data, { event }) => heard.push([event, data]))
  return heard
}

test('[HS5] next() resolves with the next message of its name', async () => {
  const { environment, link, greeting } = givenGreeting()
  const outcome = outcomeOf(greeting().link.next('welcome'))
  say(link(), 'welcome', { user: 1 })
  await environment.advance(0)

  expect(outcome()).toEqual({ user: 1 })
})

test('[HS5] next() takes its message from all listeners', () => {
  const all = givenGreeting()
  const heard = hearAll(all)
  all.client.on('welcome', () => heard.push('on'))
  all.greeting().link.next('welcome')
  say(all.link(), 'welcome')

  expect(heard).toEqual([])
})

test('[HS5] the id of a message that next() takes is kept', () => {
  const { client, link, greeting } = givenGreeting()
  greeting().link.next('welcome')
  say(link(), 'welcome', 1, '42')

  expect(client.lastEventId).toBe('42')
})

test('[HS5] messages that nobody waits for reach listeners during the handshake, in order', async () => {
  const all = givenGreeting()
  const heard = hearAll(all)
  all.greeting().link.next('welcome')
  say(all.link(), 'news', 1)
  say(all.link(), 'chat', 2)
  say(all.link(), 'welcome', 3)
  say(all.link(), 'news', 4)
  await all.environment.advance(0)

  expect(heard).toEqual([
    ['news', 1],
    ['chat', 2],
    ['news', 4],
  ])
  expect(all.client.state.status).toBe('connecting')
})

test('[HS5] next() does not get a message from before it was asked', async () => {
  const all = givenGreeting()
  const heard = hearAll(all)
  say(all.link(), 'welcome', 1)
  const outcome = outcomeOf(all.greeting().link.next('welcome'))
  await all.environment.advance(0)
  expect(outcome()).toBe('pending')
  say(all.link(), 'welcome', 2)
  await all.environment.advance(0)

  expect(outcome()).toBe(2)
  expect(heard).toEqual([['welcome', 1]])
})

test('[HS5] each next() for one name gets a message of its own, in the order of asking', async () => {
  const all = givenGreeting()
  const heard = hearAll(all)
  const { next } = all.greeting().link
  const outcomes = [next('part'), next('end'), next('part'), next('part')].map(outcomeOf)
  for (const count of [1, 2, 3, 4]) say(all.link(), 'part', count)
  await all.environment.advance(0)

  expect(outcomes.map((outcome) => outcome())).toEqual([1, 'pending', 2, 3])
  expect(heard).toEqual([['part', 4]])
})

test.each(['__proto__', 'constructor', ''])('[HS5][RT2] next() may wait for the name "%s"', async (name) => {
  const { environment, link, greeting } = givenGreeting()
  const outcome = outcomeOf(greeting().link.next(name))
  link().receive(`{"type":"toString","data":1}`)
  link().receive(`{"type":${JSON.stringify(name)},"data":2}`)
  await environment.advance(0)

  expect(outcome()).toBe(2)
})

test('[HS5] a handshake may ask and be answered several times', async () => {
  const all = await givenHandshake(async ({ send, next }) => {
    send('hello')
    const challenge = await next('challenge')
    send('response', challenge)
    await next('welcome')
  })
  const heard = hearAll(all)
  say(all.link(), 'challenge', 'c')
  await all.environment.advance(0)
  expect(all.link().sent.map((frame) => JSON.parse(String(frame)))).toEqual([
    { type: 'hello' },
    { type: 'response', data: 'c' },
  ])
  expect(all.client.state.status).toBe('connecting')
  say(all.link(), 'welcome')
  await all.environment.advance(0)

  expect(all.client.state.status).toBe('open')
  expect(heard).toEqual([])
})

test('[HS5] a next() that is left over when the handshake has resolved takes nothing', async () => {
  const all = givenGreeting()
  const heard = hearAll(all)
  const outcome = outcomeOf(all.greeting().link.next('news'))
  all.greeting().resolve()
  await all.environment.advance(0)
  say(all.link(), 'news', 1)
  await all.environment.advance(0)

  expect(outcome()).toBe('aborted')
  expect(heard).toEqual([['news', 1]])
})

test('[HS5] a frame that cannot be read does not disturb the handshake', async () => {
  const { environment, link, greeting, client, told } = givenGreeting()
  const outcome = outcomeOf(greeting().link.next('welcome'))
  link().receive('{')
  say(link(), 'welcome', 1)
  await environment.advance(0)

  expect(outcome()).toBe(1)
  expect(told.codes).toEqual(['decode'])
  expect(client.state.status).toBe('connecting')
})

test('[HS5] a message during the handshake names the transport that carries it', () => {
  const { client, link } = givenRawGreeting()
  const carriers: string[] = []
  client.onAny((_, { transport }) => carriers.push(transport))
  client.reconnect()
  link().observer.opened({ transport: 'carrier' })
  link().observer.received({ data: '1' })

  expect(carriers).toEqual(['carrier'])
})

/** A client over a transport that cannot send, during its handshake. */
function givenReceiveOnly() {
  const slow = slowHandshake()
  const transport = fakeTransport({ duplex: false })
  const all = over(transport, { handshake: slow.handshake })
  all.client.connect()
  transport.links[0]?.open()
  return { ...all, ...slow, transport }
}

test('[HS6] where the transport cannot send, send() of the handshake throws', () => {
  const { greeting } = givenReceiveOnly()

  expect(codeThrownBy(() => greeting().link.send('hello'))).toBe('receive-only')
})

test('[HS6] where the transport cannot send, next() works', async () => {
  const { client, environment, greeting, transport } = givenReceiveOnly()
  const outcome = outcomeOf(greeting().link.next('welcome'))
  transport.links[0]?.receive({ event: 'welcome', data: '1' })
  greeting().resolve()
  await environment.advance(0)

  expect(outcome()).toBe(1)
  expect(client.state.status).toBe('open')
})

test('[HS6] a handshake that sends all the same closes the client with what to change', async () => {
  const transport = fakeTransport({ duplex: false })
  const { client, environment } = over(transport, { handshake: ({ send }) => send('hello') })
  client.connect()
  transport.links[0]?.open()
  await environment.advance(0)

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'receive-only' } })
})

/** Asks for two messages, one after the other, through a function that is asynchronous too. */
async function askTwice({ next }: Handshake): Promise<void> {
  const ask = async (event: string) => await next(event)
  await ask('welcome')
  await ask('ready')
}

test('[HS5] messages that come in one task are taken one after the other, and what is between them passes', async () => {
  const all = given({ handshake: askTwice })
  const heard = hearAll(all)
  all.client.connect()
  all.link().open()
  await all.environment.advance(0)
  for (const event of ['news', 'welcome', 'chat', 'ready', 'later']) say(all.link(), event, 0)
  await all.environment.advance(0)

  expect(heard).toEqual([
    ['news', 0],
    ['chat', 0],
    ['later', 0],
  ])
  expect(all.client.state.status).toBe('open')
})

test('[HS4][HS5] what a link has sent before it ended in one task is heard before its end', async () => {
  const all = given({ handshake: askTwice })
  const heard = hearAll(all)
  all.client.onState(({ status }) => heard.push(status))
  all.client.connect()
  all.link().open()
  await all.environment.advance(0)
  say(all.link(), 'welcome', 0)
  say(all.link(), 'chat', 0)
  all.link().end({ closeCode: 1001 })
  await all.environment.advance(0)

  expect(heard).toEqual(['connecting', ['chat', 0], 'waiting'])
})

test('[HS4][HS5] close() right behind a message that was taken is told at once, and nothing follows', async () => {
  const all = given({ handshake: askTwice })
  const heard = hearAll(all)
  all.client.connect()
  all.link().open()
  await all.environment.advance(0)
  say(all.link(), 'welcome', 0)
  say(all.link(), 'chat', 0)
  all.client.close()
  expect(all.told.statuses.at(-1)).toBe('closed')
  await all.environment.advance(0)

  expect(heard).toEqual([])
  expect(all.environment.held).toBe(0)
})

test('[HS5] next() without a name is a usage mistake', async () => {
  const { client } = await givenHandshake(async ({ next }) => {
    await next(undefined as never)
  })

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'invalid-config' } })
})

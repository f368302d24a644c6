import { expect, onTestFinished, test } from 'vitest'
import { json, RealtimeError } from '../../src/index.ts'
import { codeThrownBy, given, live, say } from '../circumstances.ts'
import { type Greeting, givenGreeting, givenRawGreeting, outcomeOf } from './greeting.ts'

type Given = ReturnType<typeof givenGreeting>

const ends: readonly [string, (all: Given) => void][] = [
  ['close()', ({ client }) => client.close()],
  ['reconnect()', ({ client }) => client.reconnect()],
  ['a drop', ({ link }) => link().end()],
  ['a fatal end', ({ link }) => link().end({ code: 'refused' })],
  ['a failure of the handshake', ({ greeting }) => greeting().reject(new Error('no'))],
]

/** What was rejected and heard by nobody, from now until the test is over. */
function watchRejections(): unknown[] {
  const rejections: unknown[] = []
  const note = (reason: unknown) => rejections.push(reason)
  process.on('unhandledRejection', note)
  onTestFinished(() => {
    process.off('unhandledRejection', note)
  })
  return rejections
}

/** The handshake of a link that is over; its successor, where there is one, is open and in its own handshake. */
async function givenOver(end: (all: Given) => void) {
  const all = givenGreeting()
  const old = all.greeting()
  const pending = outcomeOf(old.link.next('welcome'))
  end(all)
  await all.environment.advance(600)
  if (!all.link().closed) all.link().open()
  return { ...all, old, pending }
}

test.each(ends)('[HS4] %s settles what the handshake waits for', async (_, end) => {
  const { pending } = await givenOver(end)

  expect(pending()).toBe('aborted')
})

test('[HS4] an interruption settles what the handshake waits for', async () => {
  const { environment, link, greeting, client } = givenRawGreeting()
  const old = greeting()
  const pending = outcomeOf(old.link.next('welcome'))
  link().observer.interrupted(new RealtimeError('lost'), environment.now() + 3000)
  link().observer.opened()
  old.resolve()
  await environment.advance(0)

  expect(pending()).toBe('aborted')
  expect(codeThrownBy(() => old.link.send('late'))).toBe('aborted')
  expect(client.state.status).toBe('waiting')
})

test.each(ends)('[HS4] after %s, send() of the handshake throws and reaches no link', async (_, end) => {
  const { old, transport } = await givenOver(end)

  expect(codeThrownBy(() => old.link.send('late'))).toBe('aborted')
  expect(transport.links.map(({ sent }) => sent.length).filter(Boolean)).toEqual([])
})

test.each(ends)('[HS4] after %s, next() of the handshake rejects and takes no message', async (_, end) => {
  const { old, client, environment, link } = await givenOver(end)
  const heard: unknown[] = []
  client.onAny((data) => heard.push(data))
  const late = outcomeOf(old.link.next('welcome'))
  const isOpen = !link().closed
  say(link(), 'welcome', 1)
  await environment.advance(0)

  expect(late()).toBe('aborted')
  expect(heard).toEqual(isOpen ? [1] : [])
})

test.each(ends)('[HS4] after %s, next() of the handshake asks no link for its event', async (_, end) => {
  const { old, transport } = await givenOver(end)
  const listened = transport.links.map((link) => [...link.listened])
  old.link.next('late')

  expect(transport.links.map((link) => link.listened)).toEqual(listened)
})

test.each<[string, (greeting: Greeting) => void]>([
  ['resolves', ({ resolve }) => resolve()],
  ['rejects', ({ reject }) => reject(new RealtimeError('refused'))],
])('[HS4] a handshake that %s after its link is over changes nothing', async (_, settle) => {
  for (const [, end] of ends.slice(0, -1)) {
    const { client, environment, old, told } = await givenOver(end)
    const { state } = client
    const errors = told.errors.length
    settle(old)
    await environment.advance(0)

    expect(client.state).toBe(state)
    expect(told.errors).toHaveLength(errors)
  }
})

test('[HS4] after the handshake has resolved, its link is of no use any more', async () => {
  const { environment, greeting, link } = givenGreeting()
  greeting().resolve()
  await environment.advance(0)
  const late = outcomeOf(greeting().link.next('news'))
  await environment.advance(0)

  expect(codeThrownBy(() => greeting().link.send('late'))).toBe('aborted')
  expect(late()).toBe('aborted')
  expect(link().sent).toEqual([])
})

test('[HS4] what the codec writes as it replaces the link goes out on neither', async () => {
  const encode = ({ event }: { readonly event: string }) => {
    client.reconnect()
    return event
  }
  const { greeting, client, transport } = givenGreeting({ codec: { ...json(), encode } })

  expect(codeThrownBy(() => greeting().link.send('hello'))).toBe('aborted')
  expect(transport.links.map(({ sent }) => sent)).toEqual([[], []])
})

test.each(ends)('[HS4] after %s, a next() that nobody awaits is no unhandled rejection', async (_, end) => {
  const rejections = watchRejections()
  const all = givenGreeting()
  const old = all.greeting()
  old.link.next('welcome')
  end(all)
  old.link.next('welcome')
  await all.environment.advance(0)
  await new Promise(setImmediate)

  expect(rejections).toEqual([])
})

test('[HS4] a handshake that is cut off while it waits is no unhandled rejection, and told once', async () => {
  const rejections = watchRejections()
  const { client, environment, link, told } = given({
    async handshake({ next }) {
      await next('welcome')
    },
  })
  client.connect()
  link().open()
  link().end()
  await environment.advance(0)
  await new Promise(setImmediate)

  expect(rejections).toEqual([])
  expect(told.codes).toEqual(['lost'])
  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2 })
})

test.each(['at once', 'later'])('[HS4] a handshake may call close(), %s', async (moment) => {
  const { client, environment, link, told } = given({
    async handshake({ send }) {
      if (moment === 'later') await undefined
      client.close()
      send('late')
    },
  })
  client.connect()
  link().open()
  await environment.advance(600_000)

  expect(client.state).toEqual({ status: 'closed' })
  expect(told.statuses).toEqual(['connecting', 'closed'])
  expect(told.errors).toEqual([])
  expect(link()).toMatchObject({ closed: true, sent: [] })
  expect(environment.held).toBe(0)
})

test.each(['at once', 'later'])('[HS4] a handshake may call reconnect(), %s', async (moment) => {
  let runs = 0
  const { client, environment, link, transport, told } = given({
    async handshake({ send }) {
      runs += 1
      if (runs > 1) return send('hello')
      if (moment === 'later') await undefined
      client.reconnect()
      send('late')
    },
  })
  client.connect()
  link().open()
  await environment.advance(0)
  expect(live(transport.links)).toBe(1)
  link().open()
  await environment.advance(0)

  expect(client.state.status).toBe('open')
  expect(transport.links.map(({ closed, sent }) => [closed, sent.length])).toEqual([
    [true, 0],
    [false, 1],
  ])
  expect(told.errors).toEqual([])
})

test('[HS4][CN2] close() during the handshake leaves nothing behind', () => {
  const { client, environment, greeting, link, told } = givenGreeting()
  client.close()

  expect(environment.held).toBe(0)
  expect(link().closed).toBe(true)
  expect(greeting().link.attempt.signal.aborted).toBe(true)
  expect(told.statuses).toEqual(['connecting', 'closed'])
})

test('[HS4] the signal of the client ends the handshake', async () => {
  const controller = new AbortController()
  const { client, environment, greeting } = givenGreeting({ signal: controller.signal })
  const pending = outcomeOf(greeting().link.next('welcome'))
  controller.abort()
  await environment.advance(0)

  expect(pending()).toBe('aborted')
  expect(client.state.status).toBe('closed')
})

test('[HS4] a message of the new link does not reach what the old handshake waits for', async () => {
  const { old, pending, greeting, link, environment } = await givenOver(({ client }) => client.reconnect())
  const fresh = outcomeOf(greeting().link.next('welcome'))
  say(link(), 'welcome', 'fresh')
  await environment.advance(0)

  expect(old).not.toBe(greeting())
  expect(fresh()).toBe('fresh')
  expect(pending()).toBe('aborted')
})

test('[HS4] a handshake that an interruption cuts off does not end the link', async () => {
  const { environment, link, greeting, client, told } = givenRawGreeting()
  greeting().link.next('welcome').catch(greeting().reject)
  link().observer.interrupted(new RealtimeError('lost'), environment.now() + 3000)
  await environment.advance(0)

  expect(told.codes).toEqual(['lost'])
  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2 })
  expect(link().closings).toBe(0)
})

test('[HS4] what the old handshake waited for is heard on a link that needs none', () => {
  const { client, link, greeting } = givenRawGreeting()
  const heard: unknown[] = []
  client.onAny((data) => heard.push(data))
  greeting().link.next('welcome')
  client.reconnect()
  link().observer.opened({ shared: true })
  link().observer.received({ data: '{"type":"welcome","data":1}' })

  expect(heard).toEqual([1])
})

import { expect, test } from 'vitest'
import type { Meta } from '../../src/index.ts'
import { given, givenOpen, over, rawTransport, say } from '../circumstances.ts'
import { givenKind, kinds } from './kinds.ts'

const thrown = new Error('a bug of the user')

function throwIt(): never {
  throw thrown
}

test.each(kinds)('[RT1] a listener of %s that throws is told, and the rest still hear', (kind) => {
  const { listen, happen, heard, note, told } = givenKind(kind)
  listen(throwIt, { once: true })
  listen(note('second'))
  happen()

  expect(heard).toContain('second')
  expect(told.errors).toContainEqual(expect.objectContaining({ code: 'listener', cause: thrown, retryable: false }))
})

test('[RT1] a listener that throws costs neither the link nor the next message', () => {
  const { client, link, told } = givenOpen()
  client.on('news', throwIt)
  say(link(), 'news')
  say(link(), 'news')

  expect(client.state.status).toBe('open')
  expect(told.codes).toEqual(['listener', 'listener'])
})

test('[RT1] a throwing error listener is told to the others, once, and not to itself', () => {
  const { client, link } = givenOpen()
  const first: string[] = []
  const second: string[] = []
  client.onError(({ code }) => {
    first.push(code)
    throwIt()
  })
  client.onError(({ code }) => second.push(code))
  link().receive('{')

  expect(first).toEqual(['decode'])
  expect(second).toEqual(['decode', 'listener'])
})

test('[RT1] two error listeners that throw hear of each other, and no more', () => {
  const { client, link } = givenOpen()
  const heard: string[] = []
  for (const name of ['first', 'second']) {
    client.onError(({ code }) => {
      heard.push(`${name} ${code}`)
      throwIt()
    })
  }
  link().receive('{')

  expect(heard.sort()).toEqual(['first decode', 'first listener', 'second decode', 'second listener'])
})

test('[RT1] what a listener throws is told as before when an error listener has thrown', () => {
  const { client, link, told } = givenOpen()
  client.onError(throwIt, { once: true })
  client.on('news', throwIt)
  say(link(), 'news')
  expect(told.codes).toEqual(['listener', 'listener'])
  say(link(), 'news')

  expect(told.codes).toEqual(['listener', 'listener', 'listener'])
})

test('[RT1] what a listener throws without an error listener goes nowhere', () => {
  const { client, link } = givenOpen()
  client.on('news', throwIt)

  expect(() => say(link(), 'news')).not.toThrow()
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'with space', '🚀'])(
  '[RT2] an event named %j routes like any other',
  (name) => {
    const { client, link, told } = givenOpen()
    const heard: unknown[] = []
    say(link(), name, 0)
    client.on(name, (data, meta) => heard.push([data, meta.event]))
    say(link(), name, 1)
    say(link(), 'other', 2)

    expect(heard).toEqual([[1, name]])
    expect(told.errors).toEqual([])
  },
)

test.each(kinds)('[RT3] a listener of %s added during a dispatch is not called in it', (kind) => {
  const { listen, happen, heard, note } = givenKind(kind)
  listen(
    () => {
      heard.push('first')
      listen(note('added'), { once: true })
    },
    { once: true },
  )
  listen(note('last'), { once: true })
  happen()

  expect(heard).toEqual(['first', 'last'])
})

test.each(kinds)('[RT3] a listener of %s removed during a dispatch is not called any more', (kind) => {
  const { listen, happen, heard, note } = givenKind(kind)
  listen(() => stop())
  const stop = listen(note('removed'))
  listen(note('kept'))
  happen()

  expect(heard).toContain('kept')
  expect(heard).not.toContain('removed')
})

test.each([false, true])(
  '[RT3] onAny added by a listener of the name hears the next message; others heard before: %s',
  (isHeard) => {
    const { client, link } = givenOpen()
    const heard: number[] = []
    if (isHeard) client.onAny(() => {})
    client.on('news', () => client.onAny((data) => heard.push(data as number)), { once: true })
    say(link(), 'news', 1)
    expect(heard).toEqual([])

    say(link(), 'news', 2)
    expect(heard).toEqual([2])
  },
)

test('[RT3] a listener that was removed and added during a dispatch is not called in it', () => {
  const { client, link } = givenOpen()
  const heard: number[] = []
  const listener = (data: number) => heard.push(data)
  client.on(
    'news',
    () => {
      stop()
      client.on('news', listener)
    },
    { once: true },
  )
  const stop = client.on('news', listener)
  say(link(), 'news', 1)
  say(link(), 'news', 2)

  expect(heard).toEqual([2])
})

test('[RT3] the only listener may replace itself', () => {
  const { client, link } = givenOpen()
  const heard: string[] = []
  const stop = client.on('news', (data) => {
    heard.push(`old ${data}`)
    stop()
    client.on('news', (later) => heard.push(`new ${later}`))
    stop()
  })
  say(link(), 'news', 1)
  say(link(), 'news', 2)

  expect(heard).toEqual(['old 1', 'new 2'])
})

test('[RT3] listeners are called in the order they were added', () => {
  const { listen, happen, heard, note } = givenKind('on')
  for (const name of ['a', 'b', 'c']) listen(note(name))
  happen()

  expect(heard).toEqual(['a', 'b', 'c'])
})

test('[RT3] one function that is added twice is called twice, and removed one by one', () => {
  const { listen, happen, heard, note } = givenKind('on')
  const listener = note('called')
  const stop = listen(listener)
  listen(listener)
  happen()
  stop()
  happen()

  expect(heard).toHaveLength(3)
})

test('[RT5] messages are delivered in the order of arrival, to onAny after the listeners of the name', () => {
  const { client, link } = givenOpen()
  const heard: string[] = []
  client.onAny((data, { event }) => heard.push(`any ${event} ${data}`))
  client.on('a', (data) => heard.push(`a ${data}`))
  client.on('b', (data) => heard.push(`b ${data}`))
  for (const [event, data] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    say(link(), event, data)

  expect(heard).toEqual(['a 1', 'any a 1', 'b 2', 'any b 2', 'a 3', 'any a 3', 'any c 4'])
})

test('[RT5] a message tells its name, id, transport and time', () => {
  const { client, link, environment } = givenOpen()
  const metas: Meta[] = []
  client.on('news', (_, meta) => metas.push(meta))
  say(link(), 'news', 1, '7')
  say(link(), 'news', 1)

  expect(metas).toEqual([
    { event: 'news', id: '7', transport: 'fake', receivedAt: environment.now() },
    { event: 'news', id: '', transport: 'fake', receivedAt: environment.now() },
  ])
})

test('[RT5] a message tells the transport that really carried it', () => {
  const transport = rawTransport()
  const { client } = over(transport)
  const names: string[] = []
  client.onAny((_, meta) => names.push(meta.transport))
  client.connect()
  transport.links[0]?.observer.opened({ transport: 'inner' })
  transport.links[0]?.observer.received({ data: '1' })

  expect(names).toEqual(['inner'])
  expect(client.state).toMatchObject({ status: 'open', transport: 'inner' })
})

test('[ES1] a link is told the names that have a listener when it is asked for', () => {
  const { client, link } = given()
  client.onAny(() => {})
  client.on('a', () => {})
  client.on('b', () => {})()
  client.connect()

  expect(link().request.events).toEqual(['a'])
})

test('[ES1] a link is told the names that get a listener later', () => {
  const { client, link } = givenOpen()
  client.onAny(() => {})
  client.on('late', () => {})

  expect(link().listened).toEqual(['late'])
})

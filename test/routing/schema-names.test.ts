import { expect, test } from 'vitest'
import { type ClientOptions, createClient, eventSource } from '../../src/index.ts'
import { fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'
import { given, givenOpen, say } from '../circumstances.ts'
import { fakeEventSources } from '../fakes/fake-event-source.ts'
import { settled } from './reading.ts'
import { number, written } from './schemas.ts'

test.each<[string, unknown]>([
  ['nothing but a function', () => true],
  ['an empty object', {}],
  ['null', null],
  ['a text', 'string'],
  ['a standard without validate', { '~standard': { version: 1, vendor: 'x' } }],
  ['a validate that is no function', { '~standard': { version: 1, vendor: 'x', validate: true } }],
])('[TR7] %s instead of a schema throws in createClient, and says where', (_, wrong) => {
  const make = () => createClient(fakeTransport(), { schemas: { fine: number, price: wrong } } as ClientOptions)

  expect(make).toThrow(expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining('price') }))
})

test.each([{}, undefined])('[RT7] with %o as schemas nothing is validated', (schemas) => {
  const { client, link } = givenOpen({ schemas })
  const heard: unknown[] = []
  client.on('price', (data) => heard.push(data))
  say(link(), 'price', 'seven')

  expect(heard).toEqual(['seven'])
})

test('[ES1] a link is told the names that have a schema', () => {
  const { client, link } = given({ schemas: { price: number, text: written } })
  client.on('other', () => {})
  client.connect()

  expect([...link().request.events].sort()).toEqual(['other', 'price', 'text'])
})

test('[ES1] onAny hears of a named event that has a schema and no listener', async () => {
  const { EventSource, sources } = fakeEventSources()
  const client = createClient(eventSource('https://example.org/feed', { EventSource }), {
    environment: fakeEnvironment(),
    schemas: { price: number },
  })
  const heard: unknown[] = []
  client.onAny((data, { event }) => heard.push([event, data]))
  client.connect()
  await settled()
  sources[0]?.open()
  sources[0]?.send({ event: 'price', data: '7' })
  client.close()

  expect(heard).toEqual([['price', 7]])
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', ''])(
  '[RT2][RT7] an event named %j has the schema that it was given, or none',
  (name) => {
    const without = givenOpen({ schemas: { price: number } })
    const withOne = givenOpen({ schemas: { [name]: number } })
    const heard: unknown[] = []
    without.client.on(name, (data) => heard.push(data))
    withOne.client.on(name, (data) => heard.push(data))
    say(without.link(), name, 'anything')
    say(withOne.link(), name, 'anything')
    say(withOne.link(), name, 7)

    expect(heard).toEqual(['anything', 7])
    expect(without.told.errors).toEqual([])
    expect(withOne.told.codes).toEqual(['invalid'])
    expect(withOne.link().request.events).toContain(name)
  },
)

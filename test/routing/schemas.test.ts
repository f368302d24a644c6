import { expect, test } from 'vitest'
import type { Meta } from '../../src/index.ts'
import { givenConnecting, givenOpen, say } from '../circumstances.ts'
import { reading, settled, take } from './reading.ts'
import { issues, number, schema, slowSchema, written } from './schemas.ts'

const invalid = expect.objectContaining({ code: 'invalid', retryable: false })

test('[RT7] what fits its schema is delivered, at once where the validator says so at once', () => {
  const { client, link, told } = givenOpen({ schemas: { price: number } })
  const heard: unknown[] = []
  client.on('price', (data) => heard.push(data))
  say(link(), 'price', 7)

  expect(heard).toEqual([7])
  expect(told.errors).toEqual([])
})

test('[RT7] on, onAny and iterators get what the schema has made of a payload', async () => {
  const { client, link } = givenOpen({ schemas: { price: written } })
  const heard: unknown[] = []
  client.on('price', (data) => heard.push(data))
  client.onAny((data) => heard.push(data))
  const iterator = client.events('price')
  say(link(), 'price', 7)

  expect(heard).toEqual(['written 7', 'written 7'])
  expect(await take(iterator, 1)).toEqual(['written 7'])
})

test('[RT7] what a schema makes undefined is a payload of undefined', () => {
  const { client, link } = givenOpen({ schemas: { price: schema(() => ({ value: undefined })) } })
  const heard: unknown[] = []
  client.on('price', (data) => heard.push(data))
  say(link(), 'price', 7)

  expect(heard).toEqual([undefined])
})

test('[RT7] what does not fit is told, with the issues of the schema as cause', () => {
  const { link, told } = givenOpen({ schemas: { price: number } })
  say(link(), 'price', 'seven')

  expect(told.errors).toEqual([invalid])
  expect(told.errors[0]?.cause).toBe(issues)
})

test('[RT7] the error of what does not fit names the event, and quotes nothing of the payload', () => {
  const { link, told } = givenOpen({ schemas: { price: number } })
  say(link(), 'price', 'secret')

  expect(told.errors[0]?.message).toContain('price')
  expect(told.errors[0]?.message).not.toContain('secret')
})

test('[RT7] an empty list of issues is a rejection all the same', () => {
  const { link, told } = givenOpen({ schemas: { price: schema(() => ({ issues: [] })) } })
  say(link(), 'price', 7)

  expect(told.codes).toEqual(['invalid'])
})

test('[RT7] what does not fit goes to no listener', async () => {
  const { client, link } = givenOpen({ schemas: { price: number } })
  const heard: unknown[] = []
  client.on('price', (data) => heard.push(['on', data]))
  client.on('price', (data) => heard.push(['once', data]), { once: true })
  client.onAny((data) => heard.push(['any', data]))
  const iterator = client.events('price')
  say(link(), 'price', 'seven')
  expect(heard).toEqual([])
  say(link(), 'price', 7)

  expect(heard).toEqual([
    ['on', 7],
    ['once', 7],
    ['any', 7],
  ])
  expect(await take(iterator, 1)).toEqual([7])
})

test('[RT7] what does not fit costs neither the link nor the next message', () => {
  const { client, link, told } = givenOpen({ schemas: { price: number } })
  const heard: unknown[] = []
  client.on('price', (data) => heard.push(data))
  for (const data of ['one', 2, 'three', 4]) say(link(), 'price', data)

  expect(heard).toEqual([2, 4])
  expect(told.codes).toEqual(['invalid', 'invalid'])
  expect(client.state.status).toBe('open')
})

test('[RT7] an event without a schema is untouched, and asks none', () => {
  const payload = { any: 'thing' }
  const { questions, slow } = slowSchema()
  const codec = { decode: () => ({ event: 'free', data: payload }), encode: () => '' }
  const { client, link } = givenOpen({ codec, schemas: { price: slow } })
  const heard: unknown[] = []
  client.on('free', (data) => heard.push(data))
  link().receive('')

  expect(heard[0]).toBe(payload)
  expect(questions).toEqual([])
})

test('[RT7] a schema that is undefined is none', () => {
  const { client, link } = givenOpen({ schemas: { price: undefined } })
  const heard: unknown[] = []
  client.on('price', (data) => heard.push(data))
  say(link(), 'price', 'any')

  expect(heard).toEqual(['any'])
})

test('[RT7] every event has its own schema', () => {
  const { client, link, told } = givenOpen({ schemas: { price: number, text: written } })
  const heard: unknown[] = []
  client.onAny((data, { event }) => heard.push([event, data]))
  say(link(), 'text', 'a')
  say(link(), 'price', 'a')
  say(link(), 'price', 1)

  expect(heard).toEqual([
    ['text', 'written a'],
    ['price', 1],
  ])
  expect(told.codes).toEqual(['invalid'])
})

test('[RT7] a validator is asked once for each message, with its payload, and as a method', () => {
  const asked: unknown[] = []
  const standard = {
    version: 1 as const,
    vendor: 'test',
    validate(value: unknown) {
      asked.push([this === standard, value])
      return { value }
    },
  }
  const { client, link } = givenOpen({ schemas: { price: { '~standard': standard } } })
  client.on('price', () => {})
  client.on('price', () => {})
  client.events('price')
  say(link(), 'price', { at: 1 })

  expect(asked).toEqual([[true, { at: 1 }]])
})

test('[RT7] a message that was validated tells its name, id, transport and time as any other', () => {
  const { client, link, environment } = givenOpen({ schemas: { price: written } })
  const metas: Meta[] = []
  client.on('price', (_, meta) => metas.push(meta))
  say(link(), 'price', 7, '41')

  expect(metas).toEqual([{ event: 'price', id: '41', transport: 'fake', receivedAt: environment.now() }])
})

test('[RT7][RS1] lastEventId moves with what does not fit, too', () => {
  const { client, link } = givenOpen({ schemas: { price: number } })
  say(link(), 'price', 'seven', '41')

  expect(client.lastEventId).toBe('41')
})

test('[RT7] a validator that throws has rejected, with what it threw as cause', async () => {
  const cause = new Error('a bug in the schema')
  const throwing = schema(() => {
    throw cause
  })
  const { client, link, told } = givenOpen({ schemas: { price: throwing } })
  const heard: unknown[] = []
  client.onAny((data) => heard.push(data))
  say(link(), 'price', 7)
  say(link(), 'free', 8)
  await settled()

  expect(told.errors).toEqual([invalid])
  expect(told.errors[0]?.cause).toEqual([cause])
  expect(heard).toEqual([8])
})

test.each([undefined, null, true, false, 7, 'fine', [], {}])(
  '[RT7] a validator that answers %o costs neither the link nor the next message',
  async (garbage) => {
    const { client, link } = givenOpen({ schemas: { price: schema(() => garbage) } })
    const heard: unknown[] = []
    client.on('free', (data) => heard.push(data))
    say(link(), 'price', 7)
    say(link(), 'free', 8)
    await settled()

    expect(heard).toEqual([8])
    expect(client.state.status).toBe('open')
  },
)

test.each([undefined, null, true, false, 7, 'fine', []])(
  '[RT7] a payload that its validator answers with %o goes to no listener',
  async (garbage) => {
    const { client, link, told } = givenOpen({ schemas: { price: schema(() => garbage) } })
    const heard: unknown[] = []
    client.on('price', (data) => heard.push(data))
    say(link(), 'price', 7)
    await settled()

    expect(heard).toEqual([])
    expect(told.codes).toEqual(['invalid'])
  },
)

test('[RT7][RT1] a listener that throws on what was validated is no fault of the schema', () => {
  const { client, link, told } = givenOpen({ schemas: { price: number } })
  client.on('price', () => {
    throw new Error('a bug of the user')
  })
  say(link(), 'price', 7)

  expect(told.codes).toEqual(['listener'])
})

test('[RT7] a frame that the codec keeps to itself is not validated', () => {
  const { questions, slow } = slowSchema()
  const codec = { decode: () => undefined, encode: () => '' }
  const { link } = givenOpen({ codec, schemas: { price: slow } })
  link().receive('')

  expect(questions).toEqual([])
})

test('[RT7][HS5] what a handshake asks for is not validated', async () => {
  const { questions, slow } = slowSchema()
  const welcomes: unknown[] = []
  const { client, link, told } = givenConnecting({
    schemas: { welcome: slow },
    handshake: async ({ next }) => void welcomes.push(await next('welcome')),
  })
  link().open()
  say(link(), 'welcome', 'as it is')
  await settled()

  expect(welcomes).toEqual(['as it is'])
  expect(client.state.status).toBe('open')
  expect(questions).toEqual([])
  expect(told.errors).toEqual([])
})

test('[RT7][HS5] what comes during a handshake and was not asked for is validated', () => {
  const { client, link, told } = givenConnecting({
    schemas: { price: number },
    handshake: async ({ next }) => void (await next('welcome')),
  })
  const heard: unknown[] = []
  client.on('price', (data) => heard.push(data))
  link().open()
  say(link(), 'price', 7)
  say(link(), 'price', 'seven')

  expect(heard).toEqual([7])
  expect(told.codes).toEqual(['invalid'])
})

test('[RT7] an iterator throws for no message that does not fit', async () => {
  const { client, link } = givenOpen({ schemas: { price: number } })
  const read = reading(client.events('price'))
  for (const data of ['one', 2]) say(link(), 'price', data)
  await settled()

  expect(read).toEqual({ values: [2], end: 'reading' })
})

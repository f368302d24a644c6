/** The libraries that users bring, as they are installed: what they answer, and what they infer (this file is type-checked). */
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createClient, type DuplexClient, type StandardSchemaV1 } from '../../src/index.ts'
import { fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'
import { givenOpen, listenTo, newest, say } from '../circumstances.ts'
import { reading, settled } from './reading.ts'

interface Chat {
  from: string
  text: string
}

type Schemas = {
  readonly chat: StandardSchemaV1<unknown, Chat>
  /** A text, of which a number is made. */
  readonly length: StandardSchemaV1<unknown, number>
  /** A text that leaves out what is not said. */
  readonly topic: StandardSchemaV1<unknown, { name: string; tags: readonly string[] }>
}

const zod: Schemas = {
  chat: z.object({ from: z.string(), text: z.string().min(1) }),
  length: z.string().transform((text) => text.length),
  topic: z.object({ name: z.string(), tags: z.array(z.string()).default([]) }),
}

const valibot: Schemas = {
  chat: v.object({ from: v.string(), text: v.pipe(v.string(), v.minLength(1)) }),
  length: v.pipe(
    v.string(),
    v.transform((text) => text.length),
  ),
  topic: v.object({ name: v.string(), tags: v.optional(v.array(v.string()), []) }),
}

const arktype: Schemas = {
  chat: type({ from: 'string', text: 'string >= 1' }),
  length: type('string').pipe((text) => text.length),
  topic: type({ name: 'string', tags: type('string[]').default(() => []) }),
}

describe.each([
  ['Zod', zod],
  ['Valibot', valibot],
  ['ArkType', arktype],
] as const)('%s', (_, schemas) => {
  test('[RT7] what fits is delivered at once', () => {
    const { client, link } = givenOpen({ schemas })
    const heard: unknown[] = []
    client.on('chat', (data) => heard.push(data))
    say(link(), 'chat', { from: 'Ann', text: 'hello' })

    expect(heard).toEqual([{ from: 'Ann', text: 'hello' }])
  })

  test('[RT7] what does not fit is told with the issues, and goes to nobody', () => {
    const { client, link, told } = givenOpen({ schemas })
    const heard: unknown[] = []
    client.onAny((data) => heard.push(data))
    say(link(), 'chat', { from: 'Ann', text: '' })
    say(link(), 'chat', 'hello')

    expect(heard).toEqual([])
    expect(told.codes).toEqual(['invalid', 'invalid'])
    const [issue, ...others] = newest(told.errors.slice(0, 1)).cause as { message: string; path: unknown[] }[]
    expect(others).toEqual([])
    expect(issue?.message).toEqual(expect.any(String))
    expect(JSON.stringify(issue?.path)).toContain('text')
  })

  test('[RT7] listeners get what a transform makes', async () => {
    const { client, link } = givenOpen({ schemas })
    const heard: unknown[] = []
    client.on('length', (data) => heard.push(data))
    const read = reading(client.events('length'))
    say(link(), 'length', 'hello')
    await settled()

    expect(heard).toEqual([5])
    expect(read.values).toEqual([5])
  })

  test('[RT7] listeners get the defaults of a schema', () => {
    const { client, link } = givenOpen({ schemas })
    const heard: unknown[] = []
    client.on('topic', (data) => heard.push(data))
    say(link(), 'topic', { name: 'a' })

    expect(heard).toEqual([{ name: 'a', tags: [] }])
  })
})

/** Whether a name is free, as a server would be asked. */
const isFree = async (name: string) => {
  await settled()
  return name !== 'taken'
}

describe.each<[string, StandardSchemaV1<unknown, string>]>([
  ['Zod, refine', z.string().refine(isFree, 'taken')],
  ['Valibot, pipeAsync', v.pipeAsync(v.string(), v.checkAsync(isFree, 'taken'))],
])('%s', (_, name) => {
  test('[RT7] an asynchronous validator keeps the order, and what it rejects from everybody', async () => {
    const { client, link, told } = givenOpen({ schemas: { name } })
    const heard: unknown[] = []
    client.onAny((data) => heard.push(data))
    for (const data of ['first', 'taken', 'second']) say(link(), 'name', data)
    say(link(), 'free', 'third')
    expect(heard).toEqual([])
    await settled()
    await settled()

    expect(heard).toEqual(['first', 'second', 'third'])
    expect(told.codes).toEqual(['invalid'])
    expect(told.errors[0]?.cause).toEqual([expect.objectContaining({ message: 'taken' })])
  })
})

describe.each<[string, StandardSchemaV1<unknown, number>]>([
  ['Zod, transform', z.string().transform(async (text) => text.length)],
  [
    'Valibot, transformAsync',
    v.pipeAsync(
      v.string(),
      v.transformAsync(async (text) => text.length),
    ),
  ],
])('%s', (_, length) => {
  test('[RT7] listeners get what an asynchronous transform makes', async () => {
    const { client, link } = givenOpen({ schemas: { length } })
    const heard: unknown[] = []
    client.on('length', (data) => heard.push(data))
    say(link(), 'length', 'hello')
    await settled()

    expect(heard).toEqual([5])
  })
})

test('[RT7] a client knows the payloads from the schemas of several libraries', () => {
  const transport = fakeTransport()
  const client = createClient(transport, {
    environment: fakeEnvironment(),
    schemas: {
      chat: z.object({ text: z.string() }),
      price: v.object({ at: v.number() }),
      size: type('string').pipe((text) => text.length),
    },
  })
  client satisfies DuplexClient<{ chat: { text: string }; price: { at: number }; size: number }>
  const told = listenTo(client)
  const heard: string[] = []
  client.on('chat', ({ text }) => heard.push(text.trim()))
  client.on('price', ({ at }) => heard.push(at.toFixed(1)))
  client.on('size', (size) => heard.push(size.toFixed(0)))
  client.connect()
  newest(transport.links).open()
  say(newest(transport.links), 'chat', { text: ' a ' })
  say(newest(transport.links), 'price', { at: 1 })
  say(newest(transport.links), 'size', 'four')

  expect(heard).toEqual(['a', '1.0', '4'])
  expect(told.errors).toEqual([])
})

import { expect, test } from 'vitest'
import { givenStream } from './streaming.ts'

const maxMessageSize = 1000
/** What a line has besides its data, and more than the parser keeps beyond the limit. */
const farOver = 20_000

test.each([
  ['one line', `data: ${'x'.repeat(maxMessageSize)}\n\n`],
  ['two lines', `data: ${'x'.repeat(500)}\ndata: ${'x'.repeat(499)}\n\n`],
])('[FS9] an event of %s that is exactly at the limit passes', async (_, bytes) => {
  const { send, messages, client } = await givenStream({}, { maxMessageSize })
  await send(bytes)

  expect(messages.map((message) => `${message}`.length)).toEqual([maxMessageSize])
  expect(client.state.status).toBe('open')
})

test('[FS9] one at the limit passes over a thousand chunks as well', async () => {
  const { send, messages } = await givenStream({}, { maxMessageSize })
  for (const char of `data: ${'x'.repeat(maxMessageSize)}\n\n`) await send(char)

  expect(messages.map((message) => `${message}`.length)).toEqual([maxMessageSize])
})

test('[FS9] events that are larger only together pass', async () => {
  const { send, messages } = await givenStream({}, { maxMessageSize })
  await send(`data: ${'x'.repeat(600)}\n\n`.repeat(100))

  expect(messages).toHaveLength(100)
})

test('[FS9] a long stream of comments passes', async () => {
  const { send, client } = await givenStream({}, { maxMessageSize })
  for (let count = 0; count < 100; count += 1) await send(`: ${'x'.repeat(600)}\n`)

  expect(client.state.status).toBe('open')
})

test.each([
  ['in one chunk', [`data: ${'x'.repeat(maxMessageSize + 1)}\n\n`]],
  ['over many chunks', ['data: ', ...Array(maxMessageSize + 1).fill('x'), '\n\n']],
  ['over many lines', [...Array(maxMessageSize).fill('data: x\n'), '\n']],
  ['in a line that never ends', ['data: ', ...Array(100).fill('x'.repeat(farOver / 100))]],
  ['in lines that never end in an event', Array(100).fill(`data: ${'x'.repeat(farOver / 100)}\n`)],
])("[FS9] one that is larger, %s, closes the client with 'too-large'", async (_, chunks) => {
  const { client, send, messages, request, environment, errors } = await givenStream({}, { maxMessageSize })
  for (const chunk of chunks) await send(chunk)

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'too-large', retryable: false } })
  expect(errors).toHaveLength(1)
  expect(messages).toEqual([])
  expect(request()).toMatchObject({ live: false, aborted: true })
  expect(environment.held).toBe(0)
})

test('[FS9] events before it in the same chunk are delivered, and none after it', async () => {
  const { client, send, messages } = await givenStream({}, { maxMessageSize })
  await send(`id: 1\ndata: a\n\nid: 2\ndata: ${'x'.repeat(maxMessageSize + 1)}\n\nid: 3\ndata: b\n\n`)

  expect(messages).toEqual(['a'])
  expect(client.lastEventId).toBe('1')
})

test.each([
  ['an event name', 'event: '],
  ['an id', 'id: '],
  ['a retry', 'retry: '],
])('[FS9] %s that never ends closes the client as well', async (_, field) => {
  const { client, send } = await givenStream({}, { maxMessageSize })
  await send(field)
  for (let count = 0; count < 100; count += 1) await send('7'.repeat(farOver / 100))

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'too-large' } })
})

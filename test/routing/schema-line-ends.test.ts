import { expect, test } from 'vitest'
import { givenConnecting, givenOpen, newest, say } from '../circumstances.ts'
import { givenLine } from './given-line.ts'
import { settled, take } from './reading.ts'
import { slowSchema } from './schemas.ts'

test('[RT7] a link that is lost does not take along what has arrived', async () => {
  const { client, link, question, heard } = givenLine()
  say(link(), 'slow', 1)
  say(link(), 'free', 2)
  link().end()
  question(0).accept()
  await settled()

  expect(client.state.status).toBe('waiting')
  expect(heard).toEqual(['lost', 1, 2])
})

test('[RT7] what the next link brings waits behind what the old one has brought', async () => {
  const { client, link, question, heard } = givenLine()
  say(link(), 'slow', 1)
  client.reconnect()
  link().open()
  say(link(), 'free', 2)
  await settled()
  expect(heard).toEqual([])
  question(0).accept()
  await settled()

  expect(heard).toEqual([1, 2])
})

test('[RT7] close() drops what waits in line, told once with its number', async () => {
  const { client, link, question, told, heard } = givenLine()
  say(link(), 'slow', 1)
  say(link(), 'free', 2)
  say(link(), 'slow', 3)
  client.close()
  expect(told.errors).toEqual([
    expect.objectContaining({ code: 'aborted', retryable: false, message: expect.stringMatching(/\b3\b/) }),
  ])
  question(0).accept()
  question(1).fail(new Error('late'))
  await settled()

  expect(heard).toEqual(['aborted'])
})

test('[RT7][SQ4] what waits in line and what waits in the queue are told as one', () => {
  const { client, link, told } = givenLine()
  say(link(), 'slow', 1)
  link().end({ code: 'lost' })
  client.send('a')
  client.send('b')
  client.close()

  expect(told.codes).toEqual(['lost', 'aborted'])
  expect(newest(told.errors).message).toMatch(/\b3\b/)
})

test('[RT7] close() with nothing in line tells nothing, what is concluded included', async () => {
  const { client, link, question, told } = givenLine()
  say(link(), 'slow', 1)
  question(0).accept()
  await settled()
  client.close()

  expect(told.errors).toEqual([])
})

test('[RT7] close() inside a listener drops the rest of the line', async () => {
  const { client, link, question, told, heard } = givenLine()
  client.on('slow', () => client.close())
  say(link(), 'slow', 1)
  say(link(), 'free', 2)
  say(link(), 'free', 3)
  question(0).accept()
  await settled()

  expect(heard).toEqual([1, 'aborted'])
  expect(told.errors[0]?.message).toMatch(/\b2\b/)
})

test('[RT7] a validator that never answers does not stand in the way of what comes after close() and connect()', async () => {
  const { client, link, question, heard } = givenLine()
  say(link(), 'slow', 'hung')
  client.close()
  client.connect()
  link().open()
  say(link(), 'free', 1)
  expect(heard).toEqual(['aborted', 1])
  say(link(), 'slow', 2)
  say(link(), 'free', 3)
  question(1).accept()
  await settled()
  expect(heard).toEqual(['aborted', 1, 2, 3])
  question(0).accept()
  await settled()

  expect(heard).toHaveLength(4)
})

test('[RT7][CN7] close() and connect() inside a listener drop the line as well', async () => {
  const { client, link, question, heard } = givenLine()
  client.on('free', () => {
    client.close()
    client.connect()
  })
  say(link(), 'slow', 1)
  say(link(), 'free', 2)
  say(link(), 'slow', 3)
  question(0).accept()
  question(1).accept()
  await settled()
  link().open()
  await settled()

  expect(heard).toEqual([1, 2, 'aborted'])
})

test('[RT7] close() ends an iterator without what waits in line for it', async () => {
  const { client, link, question } = givenLine()
  const iterator = client.events('slow')
  say(link(), 'slow', 1)
  say(link(), 'slow', 2)
  question(0).accept()
  await settled()
  client.close()
  question(1).accept()

  expect(await take(iterator, 2)).toEqual([1, 'done'])
})

test('[RT7][HS5] what a handshake asks for does not wait in line', async () => {
  const { slow, question } = slowSchema()
  const { client, link } = givenConnecting({
    schemas: { slow },
    handshake: async ({ next }) => void (await next('welcome')),
  })
  const heard: unknown[] = []
  client.onAny((data) => heard.push(data))
  link().open()
  say(link(), 'slow', 1)
  say(link(), 'welcome')
  say(link(), 'free', 2)
  await settled()
  expect(client.state.status).toBe('open')
  expect(heard).toEqual([])
  question(0).accept()
  await settled()

  expect(heard).toEqual([1, 2])
})

test('[RT7][CN2] validators hold nothing of the environment, and leave no rejection unhandled', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  const { client, link, environment, question } = givenLine()
  say(link(), 'slow', 1)
  say(link(), 'slow', 2)
  client.close()
  expect(environment.held).toBe(0)
  question(1).fail(new Error('late'))
  question(0).fail(new Error('late'))
  await settled()
  await settled()
  process.off('unhandledRejection', note)

  expect(unhandled).toEqual([])
})

test.each<[string, <T>(value: T) => T | Promise<T>]>([
  ['at once', (value) => value],
  ['later', async (value) => value],
])(
  '[RT7][CN7] a validator that closes the client and answers %s has its message dropped, which is told',
  async (_, answer) => {
    const validate = (value: unknown) => {
      all.client.close()
      return answer({ value })
    }
    const all = givenOpen({ schemas: { last: { '~standard': { version: 1, vendor: 'test', validate } } } })
    const heard: unknown[] = []
    all.client.on('last', (data) => heard.push(data))
    say(all.link(), 'last', 1)
    await settled()

    expect(heard).toEqual([])
    expect(all.told.errors).toMatchObject([{ code: 'aborted', message: 'Messages dropped: 1.' }])
  },
)

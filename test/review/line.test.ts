import { expect, test } from 'vitest'
import { givenOpen, say } from '../circumstances.ts'
import { reading, settled } from '../routing/reading.ts'
import { slowSchema } from '../routing/schemas.ts'

test.fails('[RT7][RT6] what arrived before the server ended the stream for good is delivered', async () => {
  const { slow, question } = slowSchema()
  const { client, link } = givenOpen({ schemas: { slow } })
  const heard: unknown[] = []
  client.on('slow', (data) => heard.push(data))
  say(link(), 'slow', 'last words')
  link().end({ code: 'ended', status: 204 })
  question(0).accept()
  await settled()

  expect(heard).toEqual(['last words'])
})

test.fails('[RT7] a validator that never settles does not make the client deaf without a word', async () => {
  const { slow } = slowSchema()
  const { client, link, told, environment } = givenOpen({ schemas: { slow } })
  const heard: unknown[] = []
  client.on('free', (data) => heard.push(data))
  say(link(), 'slow', 1)
  for (let n = 0; n < 100_000; n += 1) link().receive('{"type":"free","data":1}')
  await environment.advance(600_000)
  void reading

  expect(heard.length + told.errors.length).toBeGreaterThan(0)
})

import { expect, test } from 'vitest'
import { given, givenOpen, newest, say } from '../circumstances.ts'
import { settled } from '../routing/reading.ts'
import { slowSchema } from '../routing/schemas.ts'

test('[RS3][HS5] what the handshake has taken counts for dedupe', async () => {
  const { client, transport, environment } = given({
    dedupe: 100,
    handshake: async ({ next, attempt }) => {
      if (!attempt.lastEventId) await next('snapshot')
    },
  })
  const heard: unknown[] = []
  client.on('snapshot', (data) => heard.push(data))
  client.connect()
  newest(transport.links).open()
  say(newest(transport.links), 'snapshot', 'taken', '1')
  await settled()
  expect(client.state.status).toBe('open')
  client.reconnect()
  newest(transport.links).open()
  await settled()
  // An overlap: the server sends again what the client has had.
  say(newest(transport.links), 'snapshot', 'taken', '1')
  say(newest(transport.links), 'snapshot', 'new', '2')
  await environment.advance(0)

  expect(heard).toEqual(['new'])
})

test('[RS3][HS5] what a handshake waits for reaches it also where its id has been there before', async () => {
  const { client, transport } = given({
    dedupe: 100,
    handshake: async ({ next }) => {
      await next('welcome')
    },
  })
  client.connect()
  for (const _ of ['the first link', 'the second']) {
    newest(transport.links).open()
    say(newest(transport.links), 'welcome', undefined, 'the same')
    await settled()

    expect(client.state.status).toBe('open')
    client.reconnect()
  }
})

test('[RT7] a slow validator lets a state listener hear of the loss first', async () => {
  const { slow, question } = slowSchema()
  const { client, link } = givenOpen({ schemas: { slow } })
  const heard: unknown[] = []
  client.on('slow', (data) => heard.push(data))
  client.onState(({ status }) => heard.push(status))
  say(link(), 'slow', 1)
  link().end()
  question(0).accept()
  await settled()
  expect(heard).toEqual(['waiting', 1])
})

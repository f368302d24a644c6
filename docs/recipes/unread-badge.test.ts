import { createClient } from 'holdfast'
import { fakeEnvironment, fakeTransport } from 'holdfast/testing'
import { expect, test } from 'vitest'
import { type Mail, unreadBadge } from './unread-badge.ts'

/** The events of the app's client: more than the badge needs. */
interface Events extends Mail {
  chat: { text: string }
}

test('the badge counts, says when the server is away, and goes on counting', async () => {
  const transport = fakeTransport()
  const environment = fakeEnvironment()
  const client = createClient<Events>(transport, { environment })
  const shown: string[] = []
  unreadBadge(client, (text) => shown.push(text))

  client.connect()
  transport.links[0]?.open()
  transport.links[0]?.receive('{"type":"mail","data":{"subject":"Hello"}}')
  transport.links[0]?.end({ closeCode: 1001 })
  await environment.advance(1000)
  transport.links[1]?.open()
  transport.links[1]?.receive('{"type":"mail","data":{"subject":"Again"}}')

  expect(shown).toEqual(['0 (offline)', '0', '1', '1 (offline)', '1 (offline)', '1', '2'])
  client.close()
  expect(environment.held).toBe(0)
})

import { createClient } from 'holdfast'
import { fakeEnvironment, fakeTransport } from 'holdfast/testing'
import { expect, test } from 'vitest'

test('a page that was hidden, frozen or offline is back with one dial', async () => {
  const transport = fakeTransport()
  const environment = fakeEnvironment()
  const client = createClient(transport, { environment, lifecycle: { hidden: 60_000 } })
  client.connect()
  transport.links[0]?.open()

  environment.setVisible(false)
  await environment.advance(60_000)
  expect(client.state).toEqual({ status: 'suspended', reason: 'hidden' })
  environment.setVisible(true)
  transport.links[1]?.open()

  environment.freeze()
  expect(client.state).toEqual({ status: 'suspended', reason: 'frozen' })
  environment.resume()
  transport.links[2]?.open()

  transport.links[2]?.end()
  environment.setOnline(false)
  expect(client.state).toMatchObject({ status: 'suspended', reason: 'offline' })
  environment.setOnline(true)
  transport.links[3]?.open()
  expect(client.state.status).toBe('open')
})

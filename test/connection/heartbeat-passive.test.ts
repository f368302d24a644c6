import { expect, test } from 'vitest'
import { fakeTransport } from '../../src/testing/index.ts'
import { givenOpen, givenRaw, over } from '../circumstances.ts'
import { givenPassive } from './beating.ts'

test('[HB3] a link that cannot be probed is given up after idle and timeout', async () => {
  const { environment, link, client, told } = givenPassive()
  await environment.advance(34_999)
  expect(client.state.status).toBe('open')
  await environment.advance(1)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
  expect(link()).toMatchObject({ sent: [], closings: 1 })
  expect(told.codes).toEqual(['silent'])
})

test.each([20_000, 34_999])('[HB3] a link that cannot be probed lives on by what it says after %i ms', async (ms) => {
  const { environment, client, hear } = givenPassive()
  await environment.advance(ms)
  hear()
  await environment.advance(34_999)
  expect(client.state.status).toBe('open')
  await environment.advance(1)

  expect(client.state.status).toBe('waiting')
})

test('[HB3] on a transport that cannot send, a probe is not sent', async () => {
  const transport = fakeTransport({ duplex: false })
  const { client, environment, told } = over(transport, { heartbeat: { probe: { event: 'ping' } } })
  client.connect()
  transport.links[0]?.open()
  await environment.advance(34_999)
  expect(client.state.status).toBe('open')
  await environment.advance(1)

  expect(client.state.status).toBe('waiting')
  expect(told.codes).toEqual(['silent'])
})

test.each([{}, { heartbeat: false as const }])('[HB3] with the options %o silence means nothing', async (options) => {
  const { client, environment, link } = givenOpen(options)
  const { held } = environment
  await environment.advance(86_400_000)

  expect(client.state.status).toBe('open')
  expect(link().sent).toEqual([])
  expect(environment.held).toBe(held)
})

test('[HB3] a link that another client looks after is neither probed nor given up', async () => {
  const { client, environment, link } = givenRaw({}, { heartbeat: { probe: { event: 'ping' } } })
  client.connect()
  link().observer.opened({ shared: true })
  client.send('note')
  environment.setVisible(true)
  environment.setOnline(false)
  await environment.advance(600_000)

  expect(link().sent).toEqual(['{"type":"note"}'])
  expect(client.state.status).toBe('open')
})

test.each(['idle', 'timeout'])('[TR7] a heartbeat.%s that is no time throws', (name) => {
  for (const value of [0, -1, NaN, '5', null]) {
    expect(() => givenOpen({ heartbeat: { [name]: value } })).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining(name) }),
    )
  }
})

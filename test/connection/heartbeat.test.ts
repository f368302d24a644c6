import { expect, test } from 'vitest'
import { type Frame, RealtimeError, text } from '../../src/index.ts'
import { codeThrownBy, given } from '../circumstances.ts'
import { givenBeating, givenProbed } from './beating.ts'

const ping = '{"type":"ping"}'

test('[HB1] after idle of silence the link is probed, once', async () => {
  const { environment, link, client } = givenBeating()
  await environment.advance(29_999)
  expect(link().sent).toEqual([])
  await environment.advance(1)
  expect(link().sent).toEqual([ping])
  await environment.advance(4999)

  expect(link().sent).toEqual([ping])
  expect(client.state.status).toBe('open')
})

test('[HB1] a link that does not answer is given up at once and told as silent', async () => {
  const { environment, link, client, told } = await givenProbed()
  await environment.advance(4999)
  expect(link().closings).toBe(0)
  await environment.advance(1)

  expect(link().closings).toBe(1)
  expect(link().request.signal.aborted).toBe(true)
  expect(client.state).toMatchObject({ status: 'waiting', attempt: 1, error: { code: 'silent', retryable: true } })
  expect(told.codes).toEqual(['silent'])
  expect(told.errors[0]?.hint).toContain('heartbeat.idle')
})

test('[HB1] a silent link is replaced after the backoff, whatever the platform says of it', async () => {
  const { environment, link, client, transport, told } = await givenProbed()
  await environment.advance(5000 + 599)
  expect(transport.links).toHaveLength(1)
  await environment.advance(1)
  expect(transport.links).toHaveLength(2)
  transport.links[0]?.observer.ended(new RealtimeError('lost'))
  link().observer.opened()

  expect(client.state.status).toBe('open')
  expect(told.codes).toEqual(['silent'])
})

test('[HB1] without reconnect a silent link closes the client', async () => {
  const { environment, client } = await givenProbed({ reconnect: false })
  await environment.advance(5000)

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'silent' } })
  expect(environment.held).toBe(0)
})

test('[HB1] a link that has answered is probed again after the next silence', async () => {
  const { environment, link, client, hear } = await givenProbed()
  await environment.advance(2000)
  hear()
  await environment.advance(29_999)
  expect(link().sent).toHaveLength(1)
  await environment.advance(1)
  expect(link().sent).toHaveLength(2)
  await environment.advance(5000)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
})

test('[HB1] a link that always answers stays open', async () => {
  const { environment, link, client, told } = givenBeating(
    {},
    { send: ({ observer }) => environment.setTimer(() => observer.alive(), 4999) },
  )
  await environment.advance(600_000)

  expect(link().sent.length).toBeGreaterThan(10)
  expect(client.state.status).toBe('open')
  expect(told.errors).toEqual([])
})

test('[HB1] an answer that comes while the probe is handed over counts', async () => {
  const { environment, client } = await givenProbed({}, { send: ({ observer }) => observer.received({ data: '1' }) })
  await environment.advance(5000)

  expect(client.state.status).toBe('open')
})

test('[HB1] idle and timeout are those of the options', async () => {
  const { environment, link, client } = givenBeating({ heartbeat: { idle: 200, timeout: 30, probe: { event: 'p' } } })
  await environment.advance(200)
  expect(link().sent).toHaveLength(1)
  await environment.advance(29)
  expect(client.state.status).toBe('open')
  await environment.advance(1)

  expect(client.state.status).toBe('waiting')
})

test('[HB1] the probe carries the data of the options', async () => {
  const { link } = await givenProbed({ heartbeat: { probe: { event: 'ping', data: { n: 1 } } } })

  expect(link().sent).toEqual(['{"type":"ping","data":{"n":1}}'])
})

test('[HB1] a probe may be a function that makes a raw frame, each time anew', async () => {
  const frames: Frame[] = [new Uint8Array([9]), 'again']
  const { environment, link, hear } = await givenProbed({ heartbeat: { probe: () => frames.shift() ?? '' } })
  hear()
  await environment.advance(30_000)

  expect(link().sent).toEqual([new Uint8Array([9]), 'again'])
})

test.each([
  ['throws', new Error('no probe'), { code: 'invalid-config', cause: { message: 'no probe' } }],
  ['throws an error of ours', new RealtimeError('too-large'), { code: 'too-large' }],
])('[HB1] a probe that %s is told, and silence decides', async (_, cause, error) => {
  const probe = () => {
    throw cause
  }
  const { environment, client, told, hear } = await givenProbed({ heartbeat: { probe } })
  expect(told.errors).toMatchObject([error])
  hear()
  await environment.advance(30_000)
  expect(client.state.status).toBe('open')
  await environment.advance(5000)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
  expect(told.errors).toHaveLength(3)
})

test('[HB1] a link that takes nothing more gets the time of an answer, and nothing else is told', async () => {
  const { environment, client, told } = await givenProbed(
    {},
    {
      send() {
        throw new RealtimeError('not-open')
      },
    },
  )
  expect(told.errors).toEqual([])
  await environment.advance(5000)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
})

test('[HB1] a link that throws when it is probed is lost', async () => {
  const cause = new Error('broken')
  const { environment, client, told } = await givenProbed(
    {},
    {
      send() {
        throw cause
      },
    },
  )

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'lost', cause } })
  expect(told.codes).toEqual(['lost'])
  expect(environment.held).toBe(2)
})

test('[HB1] traffic puts the probe off', async () => {
  const { environment, link, hear } = givenBeating()
  await environment.advance(20_000)
  hear()
  await environment.advance(29_999)
  expect(link().sent).toEqual([])
  await environment.advance(1)

  expect(link().sent).toHaveLength(1)
})

test('[HB1] a message takes no timer', async () => {
  const { environment, hear } = givenBeating()
  const { held, timersSet } = environment
  for (let count = 0; count < 1000; count += 1) {
    hear()
    expect(environment.held).toBe(held)
  }
  expect(environment.timersSet).toBe(timersSet)
  for (let count = 0; count < 1000; count += 1) {
    await environment.advance(10)
    hear()
  }

  expect(environment.held).toBe(held)
  expect(environment.timersSet).toBe(timersSet)
})

test('[HB1] what the client sends is no sign of life', async () => {
  const { environment, link, client } = givenBeating()
  await environment.advance(20_000)
  client.send('note')
  await environment.advance(10_000)

  expect(link().sent).toEqual(['{"type":"note"}', ping])
})

test.each([{ event: 42 }, 'ping', {}])('[TR7][HB1] a probe %j throws in createClient', (probe) => {
  expect(codeThrownBy(() => given({ heartbeat: { probe: probe as never } }))).toBe('invalid-config')
})

test('[TR7][HB1] a probe that the codec cannot write throws in createClient', () => {
  expect(codeThrownBy(() => given({ codec: text(), heartbeat: { probe: { event: 'ping' } } }))).toBe('invalid-config')
})

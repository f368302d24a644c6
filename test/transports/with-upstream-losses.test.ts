import { expect, test } from 'vitest'
import { newest } from '../circumstances.ts'
import { watch } from '../delivery/behind.ts'
import { givenPosting, givenUpstream } from '../transports/posting.ts'

test('[UP2][SQ4] a message that the server has refused for now is told of when the client closes', async () => {
  const { client, send, answer, told } = givenPosting()
  await send(1)
  await answer(503)
  client.close()

  // It is known not to have been taken, was told to be repeated (retryable), and is gone.
  expect(told.codes).toEqual(['unreachable', 'aborted'])
})

test('[UP2] a message that waits to be repeated is told of when the stream closes the client for good', async () => {
  const { link, send, answer, told, client } = givenPosting()
  await send(1)
  await answer(503)
  link().end({ code: 'refused', status: 403 })
  expect(client.state.status).toBe('closed')

  expect(told.codes.includes('aborted')).toBe(true)
})

test('[SQ5] drained resolves when the last POST has its answer, also while the page rests', async () => {
  const { client, send, answer, environment } = givenPosting()
  await send(1)
  environment.freeze()
  const drained = watch(client.drained())
  await answer()
  await environment.advance(1000)
  expect(client.bufferedAmount).toBe(0)

  expect(drained.outcome).toBe('resolved')
})

test('[SQ5] drained resolves when the last POST has its answer, also while the client waits', async () => {
  const { client, send, answer, environment, link } = givenPosting()
  await send(1)
  link().end({ retryAfter: 60_000 })
  const drained = watch(client.drained())
  await answer()
  await environment.advance(1000)
  expect(client.bufferedAmount).toBe(0)
  expect(client.state.status).toBe('waiting')

  expect(drained.outcome).toBe('resolved')
})

test('[SQ4][SQ5] a closed client holds no bytes, whatever its provider does', async () => {
  const { client, send } = givenPosting({ headers: () => new Promise<HeadersInit>(() => {}) })
  await send(1)
  client.close()
  await Promise.resolve()

  expect(client.bufferedAmount).toBe(0)
})

test('[HS1][UP2] a message that the endpoint never takes does not keep the stream from opening', async () => {
  const all = givenUpstream(
    {},
    {
      handshake: async ({ send, next }) => {
        send('hello')
        await next('welcome')
      },
    },
  )
  const { client, environment, link, requests } = all
  const seen = new Set<unknown>()
  /** The server: 503 for the poison, and a welcome for every hello. */
  const serve = async () => {
    for (const request of requests) {
      if (seen.has(request)) continue
      seen.add(request)
      if (JSON.parse(String(request.init.body)).type === 'hello') {
        request.answer(204)
        link().receive(JSON.stringify({ type: 'welcome' }))
      } else request.answer(503)
      await environment.advance(0)
    }
  }
  client.connect()
  link().open()
  await environment.advance(0)
  await serve()
  expect(client.state.status).toBe('open')
  client.send('note', 'poison')
  await environment.advance(0)
  await serve()
  link().end()
  const before = all.links.length
  let opened = false
  for (let second = 0; second < 120; second += 1) {
    await environment.advance(1000)
    await serve()
    if (all.links.length > before && client.state.status === 'connecting') newest(all.links).open()
    await environment.advance(0)
    await serve()
    opened ||= client.state.status === 'open'
  }

  expect(opened).toBe(true)
})

test('[HS1][UP2] a message whose repeat hangs does not come before what a handshake says once it is asked', async () => {
  const { client, environment, link, send, answer, posted, settled } = givenUpstream(
    {},
    {
      handshake: async ({ send: say, next }) => {
        await next('challenge')
        say('auth', 'signed')
      },
    },
  )
  const challenge = async () => {
    link().open()
    link().receive('{"type":"challenge"}')
    await settled()
  }
  client.connect()
  await challenge()
  await answer()
  await send(1)
  await answer(503)
  link().end()
  await environment.advance(600)
  await answer(503)
  await environment.advance(500)
  await challenge()

  expect(posted().at(-1)).toBe('signed')
})

test('[HB1] a POST that is repeated for long does not pass for a dead stream', async () => {
  const { client, environment, link, send, answer, told, requests } = givenPosting(
    {},
    { heartbeat: { idle: 5000, timeout: 5000, probe: { event: 'ping' } } },
  )
  await send(1)
  await answer(503, { 'retry-after': '60' })
  await environment.advance(5000)
  expect(requests).toHaveLength(2)
  await answer()
  link().receive('{"type":"pong"}')
  await environment.advance(4000)

  expect(told.codes).toEqual(['unreachable'])
  expect(client.state.status).toBe('open')
})

test("[UP3] what was 'sent' right before close() is posted or told of", async () => {
  const { client, requests, told, settled } = givenPosting()
  expect(client.send('note', 'bye')).toBe('sent')
  client.close()
  await settled()
  // A WebSocket would have taken it to the server.
  expect(requests).toEqual([])

  expect(told.codes).toEqual(['aborted'])
})

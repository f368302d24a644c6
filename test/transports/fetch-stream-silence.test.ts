import { describe, expect, test } from 'vitest'
import { givenAsked, givenStream } from './streaming.ts'

const heartbeat = { idle: 1000, timeout: 500 }

describe('a sign of life', () => {
  test.each([
    ['a comment', ': still here\n'],
    ['a comment without its line end', ': still'],
    ['an event', 'data: x\n\n'],
    ['a field that is unknown', 'junk: x\n'],
    ['an empty line', '\n'],
    ['a part of an event', 'da'],
    ['a byte that is no text', Uint8Array.of(0xff)],
    ['an id without an event', 'id: 7\n\n'],
    ['a retry', 'retry: 1000\n'],
  ])('[HB2] %s is one', async (_, chunk) => {
    const { client, send, environment } = await givenStream({}, { heartbeat })
    await environment.advance(1400)
    await send(chunk)
    await environment.advance(1400)

    expect(client.state.status).toBe('open')
  })

  test('[HB2] a thousand comments keep a stream open on which nothing else happens', async () => {
    const { client, send, environment, messages, errors } = await givenStream({}, { heartbeat })
    for (let count = 0; count < 1000; count += 1) {
      await environment.advance(1000)
      await send(':\n')
    }

    expect(client.state.status).toBe('open')
    expect([messages, errors]).toEqual([[], []])
  })

  test("[HB2] without one the stream is 'silent', given up and asked for again", async () => {
    const { client, send, environment, requests } = await givenStream({}, { heartbeat })
    await environment.advance(1400)
    await send(':\n')
    await environment.advance(1500)
    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
    expect(requests[0]).toMatchObject({ aborted: true, live: false })
    await environment.advance(600)

    expect(requests).toHaveLength(2)
  })
})

describe('a hint', () => {
  const hint = expect.stringMatching(/proxy.*nginx.*Caddy.*Cloudflare/)

  test('[CN9] an answer that does not come names the proxies that may hold it back', async () => {
    const { client, environment, request } = await givenAsked()
    await environment.advance(10_000)

    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout', hint } })
    expect(request()).toMatchObject({ aborted: true })
  })

  test('[FS5] a stream whose events all came in one piece names those proxies at its end', async () => {
    const { client, send, end } = await givenStream()
    await send('data: 1\n\ndata: 2\n\n')
    await end()

    expect(client.state).toMatchObject({ error: { code: 'lost', hint } })
  })

  test.each([
    ['no event', []],
    ['one event', ['data: 1\n\n']],
    ['events that came one by one', ['data: 1\n\n', 'data: 2\n\n']],
  ])('[FS5] a stream of %s has no hint at its end', async (_, chunks) => {
    const { client, send, end } = await givenStream()
    for (const chunk of chunks) await send(chunk)
    await end()

    expect(client.state.status).toBe('waiting')
    expect((client.state as { error?: object }).error).not.toHaveProperty('hint')
  })

  test('[TR5] a request that fails names CORS, and what listens there', async () => {
    const { client, fail } = await givenAsked()
    await fail()

    expect(client.state).toMatchObject({ error: { code: 'unreachable', hint: expect.stringContaining('CORS') } })
  })
})

import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../src/errors.ts'
import { judgeStatus } from '../../src/sse/response.ts'
import type { Attempt } from '../../src/transport.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { observeClient } from '../contract/observed-client.ts'
import { givenAsked, givenStream } from './streaming.ts'

const page = { 'content-type': 'text/html' }

describe('a status', () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 599])('[FS2] %d is tried again after a wait', async (status) => {
    const { client, answer, request, requests, wait, environment } = await givenAsked()
    await answer(status)
    expect(client.state).toMatchObject({ status: 'waiting', attempt: 2, error: { code: 'unreachable', status } })
    expect(wait()).toBe(600)
    await environment.advance(600)

    expect(requests).toHaveLength(2)
    expect(request().live).toBe(true)
  })

  const final: readonly (readonly [number, ErrorCode])[] = [
    [201, 'refused'],
    [204, 'ended'],
    [205, 'refused'],
    [304, 'refused'],
    [400, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [405, 'refused'],
    [410, 'refused'],
    [422, 'refused'],
    [451, 'refused'],
  ]

  test.each(final)("[FS2] %d closes the client with '%s'", async (status, code) => {
    const { client, answer, environment, errors } = await givenAsked()
    await answer(status)

    expect(client.state).toMatchObject({ status: 'closed', error: { code, status, retryable: false } })
    expect(errors).toHaveLength(1)
    expect(environment.held).toBe(0)
  })

  test.each([600, 999])('[FS2] %d, which only a broken server says, is no 5xx', (status) => {
    expect(judgeStatus({ status, headers: new Headers() }, 0)).toMatchObject({ code: 'refused', details: { status } })
  })

  test('[FS2] 204 closes a client that was open as well', async () => {
    const { client, fail, answer, environment } = await givenStream()
    await fail()
    await environment.advance(600)
    await answer(204)

    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'ended', status: 204 } })
  })

  test('[TR4] a 500 does not count as open, even with the content type of a stream', async () => {
    const { answer, statuses } = await givenAsked()
    await answer(500, { 'content-type': 'text/event-stream' })

    expect(statuses).toEqual(['connecting', 'waiting'])
  })
})

describe('a refusal whose body a fetch of the user has read', () => {
  const reading = async (answer: Response) => {
    await answer.text()
    return answer
  }

  test.each([
    [403, { status: 'closed', error: { code: 'refused', status: 403 } }],
    [401, { status: 'closed', error: { code: 'unauthorized', status: 401 } }],
    [503, { status: 'waiting', error: { code: 'unreachable', status: 503 } }],
  ])('[FS2] %i counts as what it is', async (status, state) => {
    const fetch = () => reading(new Response('why', { status }))
    const { client, environment } = observeClient(fetchStream('https://example.org/', { fetch }))
    client.connect()
    await environment.advance(0)

    expect(client.state).toMatchObject(state)
    client.close()
  })
})

describe('401', () => {
  test('[FS2][WS4] the next attempt comes at once, and its providers are told why', async () => {
    const codes: unknown[] = []
    const headers = ({ error }: Attempt) => {
      codes.push(error?.code)
      return { authorization: `Bearer ${codes.length}` }
    }
    const { answer, request, requests, statuses } = await givenAsked({ headers })
    await answer(401)

    expect(codes).toEqual([undefined, 'unauthorized'])
    expect(requests).toHaveLength(2)
    expect(request().headers.get('authorization')).toBe('Bearer 2')
    expect(statuses).toEqual(['connecting', 'connecting'])
  })

  test("[FS2][WS4] a second in a row closes with 'unauthorized'", async () => {
    const { client, answer, requests, errors } = await givenAsked()
    await answer(401)
    await answer(401)

    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unauthorized', status: 401 } })
    expect(errors.map(({ retryable }) => retryable)).toEqual([true, false])
    expect(requests).toHaveLength(2)
  })
})

describe('a content type', () => {
  const good = [
    'text/event-stream',
    'Text/Event-Stream',
    'text/event-stream;charset=utf-8',
    'text/event-stream ; charset=x',
    'TEXT/EVENT-STREAM; charset=UTF-8; boundary=a',
    'text/event-stream, text/event-stream',
    'text/event-stream; a="b, c"',
    'text/plain, text/event-stream;charset=utf-8',
  ]

  test.each(good)('[FS17] %s is a stream', async (type) => {
    const { client, answer } = await givenAsked()
    await answer(200, { 'content-type': type })

    expect(client.state.status).toBe('open')
  })

  const bad = [
    'text/event-streams',
    'text/event-stream-x',
    'xtext/event-stream',
    'text/html',
    'application/json; a=text/event-stream',
    'application/x-ndjson',
    'text/event-stream, text/plain',
    '',
  ]

  test.each(bad)("[FS17] '%s' is no stream", async (type) => {
    const { client, answer } = await givenAsked()
    await answer(200, { 'content-type': type })

    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'not-a-stream', status: 200 } })
  })

  test('[FS17] an answer without one is no stream', async () => {
    const { client, answer } = await givenAsked()
    await answer(200, {})

    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'not-a-stream' } })
  })
})

describe('a page instead of a stream', () => {
  test('[FS2] it closes a client that was never open, with a hint', async () => {
    const { client, answer } = await givenAsked()
    await answer(200, page)

    expect(client.state).toMatchObject({
      status: 'closed',
      error: { code: 'not-a-stream', retryable: false, hint: expect.stringContaining('captive portal') },
    })
  })

  test('[FS2] it closes a client whose tries all have failed', async () => {
    const { client, answer, environment } = await givenAsked()
    await answer(503)
    await environment.advance(600)
    await answer(200, page)

    expect(client.state.status).toBe('closed')
  })

  test('[FS2] a client that was open before waits until the captive portal is gone', async () => {
    const { client, answer, fail, environment, statuses } = await givenStream()
    await fail()
    await environment.advance(600)
    await answer(200, page)
    expect(client.state).toMatchObject({
      status: 'waiting',
      error: { code: 'not-a-stream', status: 200, retryable: true, hint: expect.stringContaining('captive portal') },
    })
    await environment.advance(2000)
    await answer()

    expect(statuses.slice(2)).toEqual(['waiting', 'connecting', 'waiting', 'connecting', 'open'])
  })

  test.each(['close() and connect()', 'reconnect()'])(
    '[FS2] a client that was open before a %s of the user waits, too',
    async (what) => {
      const { client, answer, environment } = await givenStream()
      if (what === 'reconnect()') client.reconnect()
      else {
        client.close()
        client.connect()
      }
      await environment.advance(0)
      await answer(200, page)

      expect(client.state.status).toBe('waiting')
    },
  )
})

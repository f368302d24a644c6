import { Readable } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import { RealtimeError } from '../../src/errors.ts'
import type { Attempt } from '../../src/transport.ts'
import { heldBackEnvironment } from '../held-back-environment.ts'
import { givenPosting } from './posting.ts'

describe('success', () => {
  test.each([200, 201, 202, 204, 299])('[UP2] %i is success, and nobody is told', async (status) => {
    const { send, answer, posted, told } = givenPosting()
    await send(1, 2)
    await answer(status)

    expect(posted()).toEqual([1, 2])
    expect(told.errors).toEqual([])
  })

  test('[UP2] the body of an answer is given up', async () => {
    const { send, answer, request } = givenPosting()
    await send(1)
    await answer(200)

    expect(request()).toMatchObject({ cancelled: true, live: false })
  })

  test('[UP2] an answer whose body is a stream of Node is one as well', async () => {
    const fetch = vi.fn(async () => ({ ok: true, status: 200, headers: new Headers(), body: Readable.from(['x']) }))
    const { send, environment, client, told } = givenPosting({ fetch: fetch as never })
    await send(1)
    await environment.advance(60_000)

    expect(fetch).toHaveBeenCalledTimes(1)
    expect(client.bufferedAmount).toBe(0)
    expect(told.errors).toEqual([])
  })

  test('[UP2] no timer is left of it', async () => {
    const { send, answer, environment } = givenPosting()
    const { held } = environment
    await send(1)
    await answer()

    expect(environment.held).toBe(held)
  })
})

describe('what is repeated', () => {
  test.each([408, 425, 429, 500, 502, 503, 504])('[UP2] %i is told and repeated after a wait', async (status) => {
    const { send, answer, posted, told, environment, client, request } = givenPosting()
    await send(1, 2)
    await answer(status)
    expect(told.errors).toMatchObject([{ code: 'unreachable', status, retryable: true }])
    expect(request()).toMatchObject({ cancelled: true })
    await environment.advance(599)
    expect(posted()).toEqual([1])
    await environment.advance(1)
    expect(posted()).toEqual([1, 1])
    await answer()

    expect(posted()).toEqual([1, 1, 2])
    expect(client.state.status).toBe('open')
    expect(told.errors).toHaveLength(1)
  })

  test('[UP2] a request that fails is told with a hint and repeated', async () => {
    const { send, fail, posted, told, environment } = givenPosting()
    await send(1, 2)
    const cause = new TypeError('The connection is lost.', { cause: new Error('ECONNRESET') })
    await fail(cause)
    expect(told.errors).toMatchObject([{ code: 'unreachable', hint: expect.stringContaining('CORS') }])
    await environment.advance(600)

    expect(posted()).toEqual([1, 1])
  })

  test('[UP2] the waits grow as those between links do, and begin anew with the next message', async () => {
    const { send, answer, requests, environment } = givenPosting()
    const times: number[] = []
    await send(1, 2)
    for (const wait of [600, 1200, 2400, 4800]) {
      times.push(environment.now())
      await answer(503)
      await environment.advance(wait - 1)
      expect(requests).toHaveLength(times.length)
      await environment.advance(1)
    }
    await answer()
    await answer(503)
    await environment.advance(600)

    expect(requests).toHaveLength(7)
  })

  test('[UP2][BO4] it is not repeated before Retry-After', async () => {
    const { send, answer, requests, told, environment } = givenPosting()
    await send(1)
    await answer(429, { 'retry-after': '20' })
    expect(told.errors).toMatchObject([{ status: 429, retryAfter: 20_000 }])
    await environment.advance(20_000)
    expect(requests).toHaveLength(1)
    await environment.advance(4000)

    expect(requests).toHaveLength(2)
  })

  test('[UP2] one without an answer is aborted when openTimeout is over, told and repeated', async () => {
    const { send, requests, told, environment } = givenPosting({}, { openTimeout: 3000 })
    await send(1)
    await environment.advance(2999)
    expect(requests[0]).toMatchObject({ aborted: false })
    await environment.advance(1)
    expect(requests[0]).toMatchObject({ aborted: true })
    expect(told.errors).toMatchObject([{ code: 'timeout', message: 'The upstream has not answered in 3000 ms.' }])
    await environment.advance(600)

    expect(requests).toHaveLength(2)
  })

  test('[UP2] an answer that came in time and has waited for a busy page counts, and nothing is repeated', async () => {
    const { send, request, requests, told, environment } = givenPosting({}, { openTimeout: 3000 })
    await send(1)
    environment.setTimer(() => request().answer(204), 3000)
    await environment.advance(60_000)

    expect(requests).toHaveLength(1)
    expect(told.errors).toEqual([])
  })

  test('[UP2] in a hidden page whose timers take a minute each, one without an answer is repeated in the minute after the next', async () => {
    const { send, requests, environment } = givenPosting({}, { environment: heldBackEnvironment(0) })
    await send(1)
    await environment.advance(120_000)

    expect(requests).toHaveLength(2)
  })

  test('[UP2] a fetch that ignores its signal does not hold up what comes after, and its late answer is released', async () => {
    const { send, answer, requests, posted, environment, settled } = givenPosting({ ignoresSignal: true })
    await send(1, 2)
    await environment.advance(10_600)
    await answer()
    expect(posted()).toEqual([1, 1, 2])
    requests[0]?.answer(200)
    await settled()

    expect(requests[0]).toMatchObject({ cancelled: true })
    expect(posted()).toEqual([1, 1, 2])
  })
})

describe('fresh headers', () => {
  const bearer = ({ error }: Attempt) => ({ authorization: error?.code === 'unauthorized' ? 'fresh' : 'stale' })

  test('[UP2] 401 is repeated at once with headers that know of it', async () => {
    const { send, answer, posted, requests, told } = givenPosting({ headers: bearer })
    await send(1, 2)
    await answer(401)
    expect(posted()).toEqual([1, 1])
    expect(told.errors).toMatchObject([{ code: 'unauthorized', status: 401, retryable: true }])
    await answer()

    expect(posted()).toEqual([1, 1, 2])
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['stale', 'fresh', 'stale'])
  })

  test('[UP2] a second 401 drops the message, told as final, and the next one has its own try', async () => {
    const { send, answer, posted, told, client } = givenPosting({ headers: bearer })
    await send(1, 2)
    await answer(401)
    await answer(401)
    expect(posted()).toEqual([1, 1, 2])
    await answer(401)

    expect(posted()).toEqual([1, 1, 2, 2])
    expect(told.errors).toMatchObject([{ retryable: true }, { retryable: false }, { retryable: true }])
    expect(client.state.status).toBe('open')
  })

  test('[UP2] a repeat that fails otherwise has not used the fresh headers, and the next one asks for them again', async () => {
    const { send, answer, requests, environment } = givenPosting({ headers: bearer })
    await send(1)
    await answer(401)
    await answer(503)
    await environment.advance(10_000)

    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['stale', 'fresh', 'fresh'])
  })
})

describe('what is dropped', () => {
  test('[UP2] an error of the library that fetch throws keeps its code, and a final one drops the message', async () => {
    const { send, fail, posted, told } = givenPosting()
    const refused = new RealtimeError('refused', 'Not from here.')
    await send(1, 2)
    await fail(refused)

    expect(posted()).toEqual([1, 2])
    expect(told.errors).toEqual([refused])
  })

  test.each([400, 403, 404, 409, 410, 413, 422, 304])(
    "[UP2] %i drops that message, told as 'refused', and the next one goes",
    async (status) => {
      const { send, answer, posted, told, client } = givenPosting()
      await send(1, 2)
      await answer(status)

      expect(posted()).toEqual([1, 2])
      expect(told.errors).toMatchObject([{ code: 'refused', status, retryable: false }])
      expect(client.state.status).toBe('open')
    },
  )
})

import { describe, expect, test } from 'vitest'
import { RealtimeError } from '../../src/errors.ts'
import type { Attempt } from '../../src/transport.ts'
import { later } from '../contract/providing.ts'
import { givenPosting } from './posting.ts'

describe('providers', () => {
  test('[UP2][TR6] URL and headers are asked for at every try, with its context', async () => {
    const asked: unknown[] = []
    const url = ({ attempt, lastEventId, error }: Attempt) => {
      asked.push([attempt, lastEventId, error?.code])
      return `https://example.org/${attempt}`
    }
    const { send, answer, link, requests, environment, settled } = givenPosting({ url })
    await send(1)
    link().receive({ data: '{"type":"note"}', id: '7' })
    await answer(503)
    await environment.advance(600)
    await answer()
    await send(2)
    await settled()

    expect(asked).toEqual([
      [1, '', undefined],
      [2, '7', 'unreachable'],
      [1, '7', undefined],
    ])
    expect(requests.map(({ url: where }) => where)).toEqual([
      'https://example.org/1',
      'https://example.org/2',
      'https://example.org/1',
    ])
  })

  test('[UP2][TR6] one that throws is a failed try, told with its cause', async () => {
    const cause = new Error('no token')
    const headers = ({ attempt }: Attempt) => {
      if (attempt === 1) throw cause
      return {}
    }
    const { send, requests, told, environment } = givenPosting({ headers })
    await send(1)
    expect(told.errors).toMatchObject([{ code: 'unreachable', cause }])
    await environment.advance(600)

    expect(requests).toHaveLength(1)
  })

  test('[UP2][TR6] one that never settles is given up when openTimeout is over, and its signal says so', async () => {
    const signals: AbortSignal[] = []
    const headers = ({ attempt, signal }: Attempt): HeadersInit | Promise<HeadersInit> => {
      signals.push(signal)
      return attempt === 1 ? new Promise(() => {}) : {}
    }
    const { send, requests, told, environment } = givenPosting({ headers })
    await send(1)
    await environment.advance(10_000)
    expect(told.codes).toEqual(['timeout'])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    await environment.advance(600)

    expect(requests).toHaveLength(1)
  })

  test('[UP2][TR6] one that settles after its try was given up posts nothing', async () => {
    const { promise, resolve } = later<HeadersInit>()
    const headers = ({ attempt }: Attempt) => (attempt === 1 ? promise : {})
    const { send, requests, environment, settled } = givenPosting({ headers })
    await send(1)
    await environment.advance(10_000)
    resolve({})
    await settled()

    expect(requests).toHaveLength(0)
  })

  test('[UP2] an error of the library that one throws keeps its code, and a final one drops the message', async () => {
    const refused = new RealtimeError('refused', 'The account is locked.')
    const headers = () => {
      throw refused
    }
    const { send, told, environment } = givenPosting({ headers })
    const { held } = environment
    await send(1)

    expect(told.errors).toEqual([refused])
    expect(environment.held).toBe(held)
  })

  test.each([
    ['a URL that cannot be read', 'http://[s3cret', 'invalid-config'],
    ['a wrong scheme', 'ftp://s3cret/', 'invalid-config'],
    ['no URL', undefined, 'invalid-config'],
  ])('[UP2][TR7] %s is told once and drops the message', async (_, url, code) => {
    const { send, requests, told, environment } = givenPosting({ url: () => url as string })
    const { held } = environment
    await send(1)

    expect(told.codes).toEqual([code])
    expect(`${told.errors[0]?.stack}${JSON.stringify(told.errors[0])}`).not.toContain('s3cret')
    expect(environment.held).toBe(held)
    expect(requests).toHaveLength(0)
  })
})

/** Where a URL comes from: TR6 and TR7, for a link by itself and under a client. */
import { describe, expect, test } from 'vitest'
import { RealtimeError } from '../../src/errors.ts'
import type { Circumstances } from './circumstances.ts'
import { told } from './facts-of.ts'
import { observeClient } from './observed-client.ts'
import { badUrls, failures, later, provided } from './providing.ts'
import { recordLink } from './recorded-link.ts'
import { openNext } from './seen-by.ts'
import { until } from './until.ts'

export function describeProviders({ accepts }: Circumstances): void {
  if (!accepts().provided) return

  describe('a URL that is provided', () => {
    test("[TR6] it is asked for at every attempt, with the attempt's context", async () => {
      const peer = accepts()
      const asked: unknown[] = []
      const transport = provided(peer, (url, { attempt, lastEventId, error, signal }) => {
        asked.push({ attempt, lastEventId, error, signal })
        return url
      })
      const contexts = [
        { attempt: 1, lastEventId: '', error: undefined, signal: new AbortController().signal },
        { attempt: 2, lastEventId: '7', error: new RealtimeError('lost'), signal: new AbortController().signal },
      ]
      for (const context of contexts) await recordLink(transport, context).opened()

      expect(asked).toEqual(contexts)
    })

    test('[TR6] one that is promised opens the link', async () => {
      const attempt = recordLink(provided(accepts(), async (url) => url))
      await attempt.opened()

      expect(attempt.reports).toEqual(['opened'])
    })

    test.each(failures)('[TR6] a provider that %s is a failed attempt, with its cause', async (_, fail) => {
      const cause = new Error('no token')
      const peer = accepts()
      const attempt = recordLink(provided(peer, () => fail(cause)))
      await attempt.ended()

      expect(attempt.early).toEqual([])
      expect(attempt.reports).toEqual(['ended'])
      expect(attempt.errors[0]).toMatchObject({ code: 'unreachable', retryable: true, cause })
      expect((await peer.seen()).dials).toBe(0)
    })

    test.each(failures)('[TR6] where a provider %s, an error of the library keeps its code', async (_, fail) => {
      const refused = new RealtimeError('unauthorized', 'The account is locked.', { retryable: false })
      const attempt = recordLink(provided(accepts(), () => fail(refused)))
      await attempt.ended()

      expect(attempt.errors).toEqual([refused])
    })

    test('[TR6] a provider that never settles dials nothing, and close silences it', async () => {
      const peer = accepts()
      const attempt = recordLink(provided(peer, () => new Promise(() => {})))
      await openNext(peer)
      attempt.link.close()

      expect(attempt.reports).toEqual([])
      expect((await peer.seen()).dials).toBe(1)
    })

    test('[TR6] a provider that settles after close opens nothing', async () => {
      const peer = accepts()
      const [asked, answer] = [later<void>(), later<void>()]
      const attempt = recordLink(
        provided(peer, (url) => {
          asked.resolve()
          return answer.promise.then(() => url)
        }),
      )
      await asked.promise
      attempt.link.close()
      answer.resolve()
      await openNext(peer)

      expect(attempt.reports).toEqual([])
      expect((await peer.seen()).dials).toBe(1)
    })

    test('[TR6] a provider that rejects after close is not heard', async () => {
      const [asked, answer] = [later<void>(), later<string>()]
      const attempt = recordLink(
        provided(accepts(), () => {
          asked.resolve()
          return answer.promise
        }),
      )
      await asked.promise
      attempt.link.close()
      // Handled here in any case: a rejection that nobody handles would fail the run.
      answer.promise.catch(() => {})
      answer.reject(new Error('no token'))
      await openNext(accepts())

      expect(attempt.reports).toEqual([])
    })

    test.each(badUrls)("[TR7] %s is 'invalid-config', and not quoted", async (_, url) => {
      const attempt = recordLink(provided(accepts(), () => url as string))
      await attempt.ended()

      expect(attempt.reports).toEqual(['ended'])
      expect(attempt.errors[0]).toMatchObject({ code: 'invalid-config', retryable: false })
      expect(told(attempt.errors[0])).not.toContain('s3cret')
    })
  })

  describe('a URL that is provided, under a client', () => {
    test.each(failures)('[TR6] a provider that %s is asked again, and then it opens', async (_, fail) => {
      const cause = new Error('no token')
      const transport = provided(accepts(), (url, { attempt }) => (attempt === 1 ? fail(cause) : url))
      const { client, environment, reached } = observeClient(transport)
      client.connect()
      await reached('waiting')
      expect(client.state).toMatchObject({ error: { code: 'unreachable', cause } })
      await environment.advance(1000)

      await reached('open')
    })

    test("[TR6] a provider that never settles runs into the attempt's deadline, and is asked again", async () => {
      const signals: AbortSignal[] = []
      const transport = provided(accepts(), (url, { attempt, signal }) => {
        signals.push(signal)
        return attempt === 1 ? new Promise(() => {}) : url
      })
      const { client, environment, reached } = observeClient(transport)
      client.connect()
      // Not every transport asks at once.
      await until('the provider to be asked', () => signals.length === 1)
      await environment.advance(10_000)
      expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
      await environment.advance(1000)
      await reached('open')

      expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    })

    test('[TR6] a provider that settles after close opens nothing', async () => {
      const peer = accepts()
      const answer = later<void>()
      const { client, errors } = observeClient(provided(peer, (url) => answer.promise.then(() => url)))
      client.connect()
      client.close()
      answer.resolve()
      await openNext(peer)

      expect(client.state).toEqual({ status: 'closed' })
      expect(errors).toEqual([])
      expect((await peer.seen()).dials).toBe(1)
    })

    test.each(badUrls)("[TR7] %s closes with 'invalid-config'", async (_, url) => {
      const { client, environment, reached } = observeClient(provided(accepts(), () => url as string))
      client.connect()
      await reached('closed')

      expect(client.state).toMatchObject({ error: { code: 'invalid-config' } })
      expect(environment.held).toBe(0)
    })
  })
}

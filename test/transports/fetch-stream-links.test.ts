/** What no client stands before: the link by itself. */
import { expect, test } from 'vitest'
import type { Link } from '../../src/transport.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { recordLink } from '../contract/recorded-link.ts'
import { until } from '../contract/until.ts'
import { type FakeRequest, fakeFetch } from '../fakes/fake-fetch.ts'

function recordFetch(made: (request: FakeRequest) => void, options: object = {}, ...more: RecordOptions) {
  const { fetch, requests } = fakeFetch({ made })
  return { requests, ...recordLink(fetchStream('https://example.org/', { fetch, ...options }), ...more) }
}

type RecordOptions = Parameters<typeof recordLink> extends [unknown, ...infer Rest] ? Rest : never

test.each([
  ['event', 'data: 2\n\n'],
  ['wish', 'retry: 7000\n\n'],
  ['id', 'id: 3\n\n'],
])('[FS12] after close() in a listener no %s of the same chunk is told', async (_, rest) => {
  const close = (link: Link) => link.close()
  const { reports, requests } = recordFetch(
    (request) => {
      request.answer()
      request.send(`data: 1\n\n${rest}`)
    },
    {},
    {},
    { received: close },
  )
  await until('the end', () => requests[0]?.live === false)

  expect(reports).toEqual(['opened', 'received 1'])
})

test('[TR3] a policy that closes the link is not followed by its end', async () => {
  const policies: string[] = []
  const { link, reports } = recordFetch((request) => request.answer(503), {
    whenEnded() {
      policies.push('asked')
      link.close()
    },
  })
  await until('the question', () => policies.length > 0)

  expect(reports).toEqual([])
})

test('[FS9] an event over the limit is not told, however it is cut', async () => {
  const { reports, errors, ended } = recordFetch(
    (request) => {
      request.answer()
      request.send('data: 12345\n\n')
      request.send('data: 123456\n\ndata: 1\n\n')
    },
    {},
    { maxMessageSize: 5 },
  )
  await ended()

  expect(reports).toEqual(['opened', 'received 12345', 'ended'])
  expect(errors).toMatchObject([{ code: 'too-large' }])
})

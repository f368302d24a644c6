import { expect, onTestFinished, test, vi } from 'vitest'
import { resumeSocket } from '../../docs/recipes/resume-socket.ts'
import { acceptTickets } from '../../docs/recipes/server/accept-tickets.ts'
import { ticketInQuery } from '../../docs/recipes/ticket-in-query.ts'
import { untilWelcomed } from '../../docs/recipes/until-welcomed.ts'
import { withParam } from '../../docs/recipes/with-param.ts'
import type { Attempt } from '../../src/index.ts'
import { until } from '../contract/until.ts'
import { holdClient } from './held-client.ts'
import { startLiveServer } from './live-server.ts'

const attempt: Attempt = { attempt: 1, lastEventId: 'a/b&c=1', signal: new AbortController().signal }
const query = 'since=a%2Fb%26c%3D1'

test.each([
  ['/live', `/live?${query}`],
  ['live?', `live?&${query}`],
  ['/live?room=1', `/live?room=1&${query}`],
  ['?sig=a%2fb+c%20d', `?sig=a%2fb+c%20d&${query}`],
  ['/live#top', `/live?${query}`],
  ['/live?room=1#?', `/live?room=1&${query}`],
  [new URL('wss://example.com/live?room=1'), `wss://example.com/live?room=1&${query}`],
  [async ({ lastEventId }: Attempt) => `/live/${lastEventId.length}?room=1`, `/live/7?room=1&${query}`],
] as const)('to the URL %s it adds a parameter', async (url, expected) => {
  const since = withParam(url, 'since', ({ lastEventId }) => lastEventId)

  expect(await since(attempt)).toBe(expected)
})

test('a ticket is added to the query of a relative URL', async () => {
  let issue = (_user: string): string => ''
  const server = await startLiveServer(
    (http) => {
      issue = acceptTickets(http, () => {})
    },
    (_, response) => response.end(issue('Ana')),
  )
  vi.stubGlobal('location', new URL('/shop/', server.origin))
  onTestFinished(() => void vi.unstubAllGlobals())
  const transport = ticketInQuery('../live?room=1', `${server.origin}/ticket`)
  const { client, reached } = holdClient(transport, { handshake: untilWelcomed })
  client.connect()
  await reached('open')

  expect(server.dials.map(({ url }) => url)).toEqual([expect.stringMatching(/^\/live\?room=1&ticket=[\w-]{43}$/)])
})

test('[TR6] the last id is added to what a function of the attempt returns', async () => {
  const server = await startLiveServer(() => {})
  const client = resumeSocket(
    (attempt) => `${server.url}?try=${attempt.attempt}`,
    () => {},
    'a-1',
  )
  onTestFinished(() => client.close())
  client.connect()
  await until('the dial', () => server.dials.length > 0)

  expect(server.dials[0]?.url).toBe('/live?try=1&since=a-1')
})

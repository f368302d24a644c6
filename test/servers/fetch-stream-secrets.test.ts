/** What an error shows of the credentials that a request had with it: nothing, wherever one looks. */
import { expect, test } from 'vitest'
import type { ErrorCode, RealtimeError } from '../../src/errors.ts'
import { type FetchStreamOptions, fetchStream } from '../../src/transports/fetch-stream.ts'
import { codeThrownBy } from '../circumstances.ts'
import { until } from '../contract/until.ts'
import { expectNoSecret, secret, thrownBy } from './secret.ts'
import { type Asked, connectTo, startStreams, stream } from './streamed.ts'

/** Where a request has the secret. */
const carriers: Readonly<Record<string, (url: string) => Parameters<typeof connectTo>>> = {
  'the query': (url) => [`${url}?token=${secret}`],
  'the query of a provider': (url) => [async () => `${url}?token=${secret}`],
  'a header': (url) => [url, { headers: { authorization: `Bearer ${secret}` } }],
  'a header of a provider': (url) => [url, { headers: () => ({ authorization: `Bearer ${secret}` }) }],
  'the body': (url) => [url, { body: secret }],
  'the last id': (url) => [url, {}, { lastEventId: secret }],
  'the last id in the query': (url) => [url, { lastEventIdParam: 'since' }, { lastEventId: secret }],
}

const answers: readonly (readonly [string, ErrorCode, (asked: Asked) => unknown])[] = [
  ['a 401', 'unauthorized', ({ response }) => response.writeHead(401).end()],
  ['a 403', 'refused', ({ response }) => response.writeHead(403).end()],
  ['a 503', 'unreachable', ({ response }) => response.writeHead(503).end()],
  ['a 204', 'ended', ({ response }) => response.writeHead(204).end()],
  ['a page', 'not-a-stream', ({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end(secret)],
  ['a broken connection', 'unreachable', ({ response }) => response.destroy()],
  ['a broken stream', 'lost', (asked) => stream(asked, ':\n').write(':\n', () => asked.response.destroy())],
  ['the end of a stream', 'lost', (asked) => stream(asked, `data: ${secret}\n\n`).end()],
  ['an event that is too large', 'too-large', (asked) => stream(asked, `data: ${secret.repeat(100)}\n\n`)],
  ['no answer', 'timeout', () => {}],
  ['a redirect without end', 'unreachable', ({ response, path }) => response.writeHead(307, { location: path }).end()],
  ['a redirect to nowhere', 'unreachable', ({ response }) => response.writeHead(307, { location: 'a:b' }).end()],
]

for (const [carrier, make] of Object.entries(carriers)) {
  test.each(answers)(`[TR6][FS2] a secret in ${carrier} is not in the error of %s`, async (_, code, answer) => {
    const server = await startStreams(answer)
    const error = await firstError(make(server.origin))

    expect(error.code).toBe(code)
    const { path, headers, body } = server.asked[0] as Asked
    expect(`${path} ${JSON.stringify(headers)} ${body}`).toContain(secret)
    expectNoSecret(error)
  })
}

test('[TR6] a secret in the query is not in the error of a redirect that cannot be read', async () => {
  const server = await startStreams(({ response }) => response.writeHead(307, { location: 'http://[' }).end())
  const error = await firstError([`${server.origin}?token=${secret}`])

  expectNoSecret(error)
})

test.each<[string, ErrorCode, (asked: Asked) => unknown]>([
  [
    'an answer that is no HTTP',
    'unreachable',
    ({ response }) => response.socket?.end(`HTTP/1.1 200 OK\r\nset-cookie\x01: ${secret}\r\n\r\n${secret}`),
  ],
  [
    'a stream that is no HTTP from some byte on',
    'lost',
    (asked) => stream(asked, ':\n').socket?.end(`zz\r\ndata: ${secret}\n\n`),
  ],
])('[TR6] a secret in %s is not in the error', async (_, code, answer) => {
  const server = await startStreams(answer)
  const error = await firstError([server.origin])

  expect(error.code).toBe(code)
  expectNoSecret(error)
})

const given: readonly (readonly [string, Parameters<typeof connectTo>, ErrorCode])[] = [
  ['a URL of no server', [() => `http://127.0.0.1:1/?token=${secret}`], 'unreachable'],
  ['the user info of a URL', [() => `http://user:${secret}@127.0.0.1:1/`], 'invalid-config'],
  ['a URL that is none', [() => `http://[${secret}`], 'invalid-config'],
  ['a URL of another scheme', [() => `ftp://${secret}@127.0.0.1/`], 'invalid-config'],
  ['a header over two lines', ['http://127.0.0.1:1', { headers: () => ({ a: `${secret}\nb` }) }], 'invalid-config'],
  ['a header that is no Latin', ['http://127.0.0.1:1', { headers: () => ({ a: `${secret}ж` }) }], 'invalid-config'],
  ['a header name', ['http://127.0.0.1:1', { headers: () => ({ [`${secret} x`]: 'b' }) }], 'invalid-config'],
  ['headers that are none', ['http://127.0.0.1:1', { headers: () => [[secret]] as never }], 'invalid-config'],
  [
    'a header that Node does not send',
    ['http://127.0.0.1:1', { headers: () => ({ a: `${secret}\x01` }) }],
    'unreachable',
  ],
  ['a URL that a platform quotes', ['http://127.0.0.1:1', { fetch: quoting }], 'unreachable'],
]

test.each(given)('[TR6] a secret in %s is not in the error', async (_, all, code) => {
  const error = await firstError(all)

  expect(error.code).toBe(code)
  expectNoSecret(error)
})

test.each<[string, string, FetchStreamOptions?]>([
  ['the user info of a URL', `http://user:${secret}@127.0.0.1/`],
  ['a URL that is none', `http://[${secret}`],
  ['a scheme', `${secret}://127.0.0.1`],
  ['a method', 'http://127.0.0.1', { method: `${secret} x` }],
  ['a header', 'http://127.0.0.1', { headers: { authorization: `${secret}\nx` } }],
  ['a header name', 'http://127.0.0.1', { headers: { [`${secret} x`]: 'a' } }],
  ['credentials', 'http://127.0.0.1', { credentials: secret as RequestCredentials }],
])('[TR6] a secret in %s that is wrong from the start is not in what the factory throws', (_, url, options) => {
  const make = () => fetchStream(url, options)

  expect(codeThrownBy(make)).toBe('invalid-config')
  expectNoSecret(thrownBy(make))
})

/** As browsers do. */
async function quoting(): Promise<never> {
  throw new TypeError(`Failed to parse URL from http://127.0.0.1/?token=${secret}`)
}

/** The first error of a client of this. */
async function firstError([url, options, client]: Parameters<typeof connectTo>): Promise<RealtimeError> {
  const settings = { reconnect: { minDelay: 10_000 }, openTimeout: 3000, maxMessageSize: 500, ...client }
  const { errors } = connectTo(url, options, settings)
  return until('an error', () => errors[0]) as Promise<RealtimeError>
}

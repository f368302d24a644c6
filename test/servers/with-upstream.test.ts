import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { fakeTransport } from '../../src/testing/index.ts'
import type { WithUpstreamOptions } from '../../src/transports/upload.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'
import { until } from '../contract/until.ts'
import { holdClient } from './held-client.ts'
import { expectNoSecret, secret } from './secret.ts'
import { type Asked, startStreams } from './streamed.ts'

test("[UP1] over Node's own fetch messages arrive in order, each when the one before was answered", async () => {
  const { client, server } = await givenUpstream(({ response }) => response.end('{"ok":true}'))
  for (let number = 0; number < 100; number += 1) client.send('note', number)
  await until('all', () => server.asked.length === 100)

  expect(server.asked.map(({ body }) => JSON.parse(body).data)).toEqual(Array.from(Array(100).keys()))
})

test('[UP1] answers that nobody reads do not cost a connection each', async () => {
  const sockets = new Set<IncomingMessage['socket']>()
  const { client, server } = await givenUpstream(({ response }) => {
    sockets.add(response.req.socket)
    response.end('{"ok":true}')
  })
  for (let number = 0; number < 50; number += 1) client.send('note', number)
  await until('all', () => server.asked.length === 50)

  expect(sockets.size).toBeLessThan(10)
})

test('[UP2] an answer that does not end is done all the same', async () => {
  const { client, server, told } = await givenUpstream(({ response }) => response.writeHead(200).write('and'))
  client.send('note', 1)
  client.send('note', 2)
  await until('both', () => server.asked.length === 2)
  await until('the first body to be given up', () => server.asked[0]?.ended)

  expect(told.errors).toEqual([])
})

test('[UP2] a server that goes away in the middle of a POST gets it again', async () => {
  const { client, server, told } = await givenUpstream(({ response }, number) => {
    if (number === 1) response.destroy()
    else response.writeHead(204).end()
  })
  client.send('note', 1)
  await until('the repeat', () => server.asked.length === 2)

  const [first, second] = server.asked.map(({ headers }) => headers['idempotency-key'])
  expect(second).toBe(first)
  expect(told.errors).toMatchObject([{ code: 'unreachable' }])
})

test('[UP2] a redirect that keeps the method is refused like any other, with a hint', async () => {
  const { client, server, told } = await givenUpstream(({ response, path }) => {
    if (path === '/') response.writeHead(307, { location: '/moved' }).end()
    else response.writeHead(204).end()
  })
  client.send('note', 1)
  await until('what became of it', () => told.errors.length > 0)

  expect(server.asked).toHaveLength(1)
  expect(told.errors).toMatchObject([{ code: 'refused', hint: expect.stringContaining('final URL') }])
})

test('[UP3] close aborts the request, and the server sees it', async () => {
  const { client, server, told } = await givenUpstream(() => {})
  client.send('note', 1)
  await until('the request', () => server.asked.length === 1)
  client.close()
  await until('the end of it', () => server.asked[0]?.ended)

  expect(told.errors).toMatchObject([{ code: 'aborted' }])
})

const carriers: Readonly<Record<string, (origin: string) => Parameters<typeof connectTo>>> = {
  'the query': (origin) => [`${origin}?token=${secret}`],
  'a header': (origin) => [origin, { headers: { authorization: `Bearer ${secret}` } }],
  'the message': (origin) => [origin],
}

const answers: readonly (readonly [string, (asked: Asked) => unknown])[] = [
  ['a 401', ({ response }) => response.writeHead(401).end(secret)],
  ['a 403', ({ response }) => response.writeHead(403).end(secret)],
  ['a 503', ({ response }) => response.writeHead(503).end(secret)],
  ['a broken connection', ({ response }) => response.destroy()],
  ['an answer that is no HTTP', ({ response }) => response.socket?.end(`HTTP/1.1 200 OK\r\na\x01: ${secret}\r\n\r\n`)],
  ['a redirect without end', ({ response, path }) => response.writeHead(307, { location: path }).end()],
  ['a redirect to nowhere', ({ response }) => response.writeHead(307, { location: 'a:b' }).end()],
  ['a redirect that cannot be read', ({ response }) => response.writeHead(307, { location: 'http://[' }).end()],
]

for (const [carrier, make] of Object.entries(carriers)) {
  test.each(answers)(`[UP2][TR6] a secret in ${carrier} is not in the error of %s`, async (_, answer) => {
    const server = await startStreams(answer)
    const { client, told } = connectTo(...make(server.origin))
    client.send('note', secret)
    await until('an error', () => told.errors.length > 0)

    const { path, headers, body } = server.asked[0] as Asked
    expect(`${path} ${JSON.stringify(headers)} ${body}`).toContain(secret)
    expectNoSecret(told.errors[0])
  })
}

/** A client that is open, and whose messages go to a server. */
function connectTo(url: string, options?: WithUpstreamOptions) {
  const stream = fakeTransport({ duplex: false })
  const held = holdClient(withUpstream(stream, url, options))
  held.client.connect()
  stream.links[0]?.open()
  return held
}

async function givenUpstream(answer: (asked: Asked, number: number) => void) {
  const server = await startStreams(answer)
  return { server, ...connectTo(server.origin) }
}

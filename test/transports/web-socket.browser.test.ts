import { expect, inject, test } from 'vitest'
import { binary } from '../../src/codecs/binary.ts'
import { json } from '../../src/codecs/json.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import type { Provider } from '../../src/transport.ts'
import { webSocket } from '../../src/transports/web-socket.ts'
import { observeClient } from '../contract/observed-client.ts'
import { recordLink } from '../contract/recorded-link.ts'
import { gone, seenBy } from '../contract/seen-by.ts'
import { serverPeer } from '../contract/server-peer.ts'
import { until } from '../contract/until.ts'

const origins = inject('origins')
const peerAt = (path: string, query?: Record<string, string>) => serverPeer(origins, path, query)

/** A client of a server that ends every link with this code. */
function endedWith(code: number | undefined, query: Record<string, string> = {}) {
  const peer = peerAt('/ws/accept-then-close', { ...(code && { code: `${code}` }), ...query })
  const observed = observeClient(webSocket(peer.url))
  observed.client.connect()
  return { peer, ...observed }
}

test('[WS1] text goes both ways, whatever is in it', async () => {
  const peer = peerAt('/ws/echo')
  const { client, messages } = observeClient(webSocket(peer.url))
  const texts = ['plain', '', 'é ☃ 🜁', '\0', 'x'.repeat(100_000)]
  for (const text of texts) client.send('message', text)
  client.connect()
  await until('all echoes', () => messages.length >= texts.length)

  expect(messages).toEqual(texts)
})

test('[WS1] bytes go both ways, and a view sends only its part', async () => {
  const peer = peerAt('/ws/echo')
  const { client, messages } = observeClient(webSocket(peer.url), { codec: binary() })
  const bytes = Uint8Array.of(1, 2, 3, 4, 5)
  client.send('message', bytes.subarray(1, 3))
  client.connect()
  await client.opened()
  client.send('message', bytes.subarray(3))
  client.send('message', new DataView(bytes.buffer, 0, 1))
  client.send('message', bytes.buffer)
  await until('all echoes', () => messages.length >= 4)

  expect(messages.map((message) => [...new Uint8Array(message as ArrayBuffer)])).toEqual([
    [2, 3],
    [4, 5],
    [1],
    [1, 2, 3, 4, 5],
  ])
  expect((await peer.seen()).received).toEqual(['bytes 2,3', 'bytes 4,5', 'bytes 1', 'bytes 1,2,3,4,5'])
})

test('[WS1][RT5] a thousand messages arrive complete and in order', async () => {
  const peer = peerAt('/ws/numbered', { n: '1000' })
  const { client } = observeClient(webSocket(peer.url), { codec: json() })
  const numbers: number[] = []
  client.on('n', (n) => numbers.push(n))
  client.connect()
  await until('all messages', () => numbers.length >= 1000)

  expect(numbers).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1))
})

test('[WS2] the protocol that the server chose is in the state', async () => {
  const peer = peerAt('/ws/subprotocol')
  const { client } = observeClient(webSocket(peer.url, { protocols: ['chat.v1', 'chat.v2'] }))
  client.connect()
  await client.opened()

  expect(client.state).toMatchObject({ status: 'open', protocol: 'chat.v2' })
  expect((await peer.seen()).requests[0]?.headers['sec-websocket-protocol']).toBe('chat.v1, chat.v2')
})

test('[WS2] without one the state names none', async () => {
  const { client } = observeClient(webSocket(peerAt('/ws/echo').url))
  client.connect()
  await client.opened()

  expect(client.state).not.toHaveProperty('protocol')
})

test('[WS3] code and reason reach the server', async () => {
  const peer = peerAt('/ws/echo')
  const { client } = observeClient(webSocket(peer.url))
  client.connect()
  await client.opened()
  client.close(4999, 'é'.repeat(61))
  await gone(peer)

  expect((await peer.seen()).closes).toEqual([{ code: 4999, reason: 'é'.repeat(61) }])
})

test('[WS3] a reason without a code is a normal end', async () => {
  const peer = peerAt('/ws/echo')
  const { client } = observeClient(webSocket(peer.url))
  client.connect()
  await client.opened()
  client.close(undefined, 'done')
  await gone(peer)

  expect((await peer.seen()).closes).toEqual([{ code: 1000, reason: 'done' }])
})

test.each([
  ['a forbidden code', 1001, ''],
  ['a reason of 124 bytes', 4000, 'a'.repeat(124)],
])('[WS3] %s throws before anything changes', async (_, code, reason) => {
  const peer = peerAt('/ws/echo')
  const { client } = observeClient(webSocket(peer.url))
  client.connect()
  await client.opened()

  expect(() => client.close(code, reason)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
  expect(client.state.status).toBe('open')
  expect((await peer.seen()).live).toBe(1)
})

test.each([
  [1002, 'refused'],
  [1003, 'refused'],
  [1007, 'refused'],
  [1008, 'refused'],
  [1010, 'refused'],
  [1009, 'too-large'],
])("[WS4] %i closes the client with '%s'", async (code, error) => {
  const { client, peer, reached } = endedWith(code, { reason: 'why' })
  await reached('closed')

  expect(client.state).toMatchObject({ error: { code: error, closeCode: code, closeReason: 'why', wasClean: true } })
  expect((await peer.seen()).dials).toBe(1)
})

test.each([1000, 1001, 1011, 1012, 1013, 4000])('[WS4] %i is tried again', async (code) => {
  const { client, environment, peer, reached } = endedWith(code)
  await reached('waiting')
  expect(client.state).toMatchObject({ error: { code: 'lost', closeCode: code } })
  await environment.advance(1000)

  await seenBy(peer, ({ dials }) => dials === 2)
})

test('[WS4] an end without a code is tried again, as 1005', async () => {
  const { client, reached } = endedWith(undefined)
  await reached('waiting')

  expect(client.state).toMatchObject({ error: { code: 'lost', closeCode: 1005, closeReason: '' } })
})

test('[WS4] a connection that breaks is tried again, as 1006', async () => {
  const { client, reached } = observeClient(webSocket(peerAt('/ws/accept-then-break').url))
  client.connect()
  await reached('waiting')

  expect(client.state).toMatchObject({ error: { code: 'lost', closeCode: 1006, wasClean: false } })
})

test.each([4401, 3000])('[WS4] %i asks for fresh credentials, which may be accepted', async (code) => {
  const peer = peerAt('/ws/accept-then-close', { code: `${code}`, times: '1' })
  const url: Provider<string> = ({ error }) => `${peer.url}&token=${error?.code === 'unauthorized' ? 'fresh' : 'old'}`
  const { client } = observeClient(webSocket(url))
  client.connect()
  await seenBy(peer, ({ dials }) => dials === 2)
  await client.opened()

  const { requests } = await peer.seen()
  expect(requests.map((request) => new URLSearchParams(request.url).get('token'))).toEqual(['old', 'fresh'])
})

test("[WS4] a second 4401 in a row closes with 'unauthorized'", async () => {
  const { client, peer, reached } = endedWith(4401)
  await reached('closed')

  expect(client.state).toMatchObject({ error: { code: 'unauthorized', closeCode: 4401 } })
  expect((await peer.seen()).dials).toBe(2)
})

test('[WS4] whenEnded overrides the default', async () => {
  const peer = peerAt('/ws/accept-then-close', { code: '1008' })
  const { client, reached } = observeClient(webSocket(peer.url, { whenEnded: () => 'retry' }))
  client.connect()
  await reached('waiting')

  expect(client.state).toMatchObject({ error: { code: 'lost', closeCode: 1008 } })
})

test('[TR7] a relative URL is resolved against the page', async () => {
  let dialed = ''
  class Recorded extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      dialed = this.url
    }
  }
  const { client } = observeClient(webSocket('/live?a=1', { WebSocket: Recorded }), { environment: undefined })
  client.connect()
  await until('a dial', () => dialed)

  expect(dialed).toBe(`${new URL('/live?a=1', document.baseURI)}`.replace(/^http/, 'ws'))
})

test("[TR7] a URL that the browser's constructor rejects closes with 'invalid-config', unquoted", async () => {
  const { client, reached } = observeClient(webSocket(() => 'ws://[s3cret'))
  client.connect()
  await reached('closed')

  const { error } = client.state as { error?: Error }
  expect(error).toMatchObject({ code: 'invalid-config' })
  expect(`${error?.stack} ${error?.cause}`).not.toContain('s3cret')
})

test("[TR7] from an https page a ws: URL is 'insecure'", async () => {
  const peer = peerAt('/ws/echo')
  const environment = fakeEnvironment({ page: 'https://example.org/' })
  const attempt = recordLink(webSocket(peer.url.replace('127.0.0.1', 'loopback.example')), { environment })
  await attempt.ended()

  expect(attempt.errors).toMatchObject([{ code: 'insecure' }])
})

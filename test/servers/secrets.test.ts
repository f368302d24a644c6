/** What an error shows of the credentials that the failed try had with it: nothing, wherever one looks. */
import { afterAll, expect, test } from 'vitest'
import {
  type ClientOptions,
  type DuplexTransport,
  type ErrorCode,
  type RealtimeError,
  webSocket,
} from '../../src/index.ts'
import { codeThrownBy, newest } from '../circumstances.ts'
import { type ServerPeer, serverPeer } from '../contract/server-peer.ts'
import { throwing } from '../contract/throwing.ts'
import { until } from '../contract/until.ts'
import { holdClient } from './held-client.ts'
import { expectNoSecret, secret, thrownBy } from './secret.ts'
import { startServers } from './start-servers.ts'

const servers = await startServers()
afterAll(servers.close)

/** Where a dial has the secret, and a server that ends it in a way of its own. */
const carriers: Readonly<Record<string, (url: string) => DuplexTransport>> = {
  'the query': (url) => webSocket(`${url}&token=${secret}`),
  'the query of a provider': (url) => webSocket(async () => `${url}&token=${secret}`),
  'the subprotocol': (url) => webSocket(url, { protocols: ['live.v1', `bearer.${secret}`] }),
  'the subprotocol of a provider': (url) => webSocket(url, { protocols: () => [`bearer.${secret}`] }),
}

/** Path, query, and what the end is. Who offers protocols and gets none chosen has not been let in. */
const ends = [
  ['/ws/refuse', { status: '401' }, 'unreachable', 'unreachable'],
  ['/ws/refuse', { status: '200' }, 'unreachable', 'unreachable'],
  ['/ws/break', {}, 'unreachable', 'unreachable'],
  ['/ws/hang', {}, 'timeout', 'timeout'],
  ['/ws/accept-then-close', { code: '4401' }, 'unauthorized', 'unreachable'],
  ['/ws/accept-then-close', { code: '1008' }, 'refused', 'unreachable'],
] as const

for (const [carrier, make] of Object.entries(carriers)) {
  test.for(ends)(`[TR6][WS4] a secret in ${carrier} is not in the error of a dial to %s %o`, async (end) => {
    const [path, query, code, codeWithProtocols] = end
    const peer = serverPeer(servers, path, query)
    const error = await firstError(make(peer.url), { openTimeout: code === 'timeout' ? 500 : 5000 })

    expect(error.code).toBe(carrier.includes('subprotocol') ? codeWithProtocols : code)
    await expectDialedWithSecret(peer)
    expectNoSecret(error)
  })
}

const given: readonly (readonly [string, () => DuplexTransport, ErrorCode])[] = [
  ['a URL of no server', () => webSocket(() => `ws://127.0.0.1:1/?token=${secret}`), 'unreachable'],
  ['a URL that is none', () => webSocket(() => `ws://[${secret}`), 'invalid-config'],
  ['a URL of another scheme', () => webSocket(() => `ftp://${secret}@127.0.0.1/`), 'invalid-config'],
  [
    'a protocol with a space',
    () => webSocket('ws://127.0.0.1:1', { protocols: () => `bearer ${secret}` }),
    'invalid-config',
  ],
  [
    'a protocol offered twice',
    () => webSocket('ws://127.0.0.1:1', { protocols: () => [secret, secret] }),
    'invalid-config',
  ],
  ['the URL of a fetch that fails', () => webSocket(fetchWith(`http://127.0.0.1:1/?token=${secret}`)), 'unreachable'],
  ['the URL of a fetch that is none', () => webSocket(fetchWith(`http://[${secret}`)), 'unreachable'],
  [
    'a platform that quotes the URL',
    () => throwingWebSocket(new DOMException(`The URL 'wss://a/?token=${secret}' is invalid.`, 'SyntaxError')),
    'unreachable',
  ],
  [
    'a platform that quotes the protocol',
    () => throwingWebSocket(new SyntaxError(`The subprotocol '${secret}' is invalid.`)),
    'unreachable',
  ],
]

test.for(given)('[TR6] a secret in %s is not in the error', async ([, make, code]) => {
  const error = await firstError(make())

  expect(error.code).toBe(code)
  expectNoSecret(error)
})

test.for([
  ['a URL', () => webSocket(`ws://[${secret}`)],
  ['a scheme', () => webSocket(`ftp://${secret}.example`)],
  ['a protocol', () => webSocket('ws://127.0.0.1', { protocols: `bearer ${secret}` })],
] as const)('[TR6] a secret in %s that is wrong from the start is not in what the factory throws', ([, make]) => {
  expect(codeThrownBy(make)).toBe('invalid-config')
  expectNoSecret(thrownBy(make))
})

test.for([
  ['is refused', '/ws/frames', { frames: '[]', code: '4401' }, 'unauthorized'],
  ['ends in a break', '/ws/accept-then-break', {}, 'unreachable'],
  ['is not answered', '/ws/frames', { frames: '[]' }, 'timeout'],
  ['is answered with what nobody can read', '/ws/frames', { frames: `["${secret}"]` }, 'decode'],
] as const)('[HS2] a secret in a first message that %s is not in the error', async ([, path, query, code]) => {
  const peer = serverPeer(servers, path, query)
  const error = await firstError(webSocket(peer.url), {
    openTimeout: code === 'timeout' ? 500 : 5000,
    async handshake({ send, next }) {
      send('sign-in', { token: secret })
      await next('welcome')
    },
  })

  // An end before the handshake is over is told with the code of a loss or of a failed try.
  expect(code === 'unreachable' ? ['unreachable', 'lost'] : [code]).toContain(error.code)
  if (code !== 'unreachable') await until('the secret', async () => `${(await peer.seen()).received}`.includes(secret))
  expectNoSecret(error)
})

test.for([
  ['a payload that comes in and cannot be read', 'decode', secret, {}],
  ['a payload that comes in and is too large', 'too-large', `"${secret}"`, { maxMessageSize: 3 }],
  ['a payload whose listener fails', 'listener', `{"type":"a","data":"${secret}"}`, {}],
] as const)('[TR6] a secret in %s is not in the error', async ([, code, frame, options]) => {
  const peer = serverPeer(servers, '/ws/frames', { frames: JSON.stringify([frame]) })
  const error = await firstError(webSocket(peer.url), options, (client) =>
    client.on('a', (data: string) => (data as unknown as { missing(): void }).missing()),
  )

  expect(error.code).toBe(code)
  expectNoSecret(error)
})

test.for([
  ['that the codec cannot write', 'invalid-config', {}, { token: secret, big: 1n }],
  ['that does not fit into the queue', 'queue-full', { queue: { maxBytes: 4 } }, secret],
  ['that there is no queue for', 'not-open', { queue: false }, secret],
] as const)('[TR6] a secret in a payload %s is not in what `send` throws', ([, code, options, payload]) => {
  const { client } = holdClient(webSocket('ws://127.0.0.1:1'), options)
  const send = () => client.send('a', payload)

  expect(codeThrownBy(send)).toBe(code)
  expectNoSecret(thrownBy(send))
})

test('[TR6] a secret in what was queued is not in the error of the close that drops it', () => {
  const { client, told } = holdClient(webSocket(`ws://127.0.0.1:1/?token=${secret}`))
  client.send('sign-in', { token: secret })
  client.connect()
  client.close()

  expect(told.codes).toEqual(['aborted'])
  for (const error of told.errors) expectNoSecret(error)
})

/** The first error of a client over this transport. */
async function firstError(
  transport: DuplexTransport,
  options: ClientOptions = {},
  prepare: (client: ReturnType<typeof holdClient>['client']) => void = () => {},
): Promise<RealtimeError> {
  const { client, told } = holdClient(transport, { reconnect: { minDelay: 10_000 }, ...options })
  prepare(client)
  client.connect()
  await until('an error', () => told.errors.length > 0)
  return newest(told.errors.slice(0, 1))
}

/** A provider that needs an answer from elsewhere, with a token in its own question. */
function fetchWith(url: string): () => Promise<string> {
  return async () => (await fetch(url)).text()
}

function throwingWebSocket(cause: unknown): DuplexTransport {
  return webSocket(`ws://127.0.0.1:1/?token=${secret}`, { WebSocket: throwing<typeof WebSocket>(cause) })
}

/** So that the secret was there to be quoted. */
async function expectDialedWithSecret(peer: ServerPeer): Promise<void> {
  const [request] = (await peer.seen()).requests
  expect(`${request?.url} ${request?.headers['sec-websocket-protocol']}`).toContain(secret)
}

import { afterAll, describe, expect, test } from 'vitest'
import { WebSocket as PackagedWebSocket } from 'ws'
import { webSocket } from '../../src/transports/web-socket.ts'
import { describeTransport } from '../contract/describe-transport.ts'
import { observeClient } from '../contract/observed-client.ts'
import { serverPeer, webSocketServers } from '../contract/server-peer.ts'
import { throwing } from '../contract/throwing.ts'
import { until } from '../contract/until.ts'
import { startServers } from './start-servers.ts'

const servers = await startServers()
afterAll(servers.close)

const implementations = {
  "Node's own WebSocket": globalThis.WebSocket,
  'the package ws': PackagedWebSocket as unknown as typeof WebSocket,
}

for (const [name, WebSocket] of Object.entries(implementations)) {
  const circumstances = webSocketServers(
    servers,
    (url) => webSocket(url, { WebSocket }),
    (cause) => webSocket('ws://127.0.0.1/', { WebSocket: throwing<typeof globalThis.WebSocket>(cause) }),
  )
  describeTransport(`webSocket over ${name}`, circumstances)

  describe(`a client over ${name}`, () => {
    test('[LC5] where there is no document it opens, echoes and closes', async () => {
      expect(globalThis).not.toHaveProperty('document')
      const peer = serverPeer(servers, '/ws/echo')
      const { client, messages } = observeClient(webSocket(peer.url, { WebSocket }), { environment: undefined })
      client.send('message', 'hello')
      client.connect()
      await until('the echo', () => messages.length > 0)
      client.close(4000, 'bye')
      await until('the end', async () => (await peer.seen()).closes.length > 0)

      expect(messages).toEqual(['hello'])
      expect((await peer.seen()).closes).toEqual([{ code: 4000, reason: 'bye' }])
    })

    test('[LC5] where there is no document it comes back after a loss', async () => {
      const peer = serverPeer(servers, '/ws/accept-then-close', { code: '1012', times: '1' })
      const { client, errors } = observeClient(webSocket(peer.url, { WebSocket }), {
        environment: undefined,
        reconnect: { minDelay: 20 },
      })
      client.connect()
      await until('the second link', async () => (await peer.seen()).dials === 2 && client.state.status === 'open')

      expect(errors).toMatchObject([{ code: 'lost', closeCode: 1012 }])
    })

    test('[WS1] bytes arrive as an ArrayBuffer', async () => {
      const peer = serverPeer(servers, '/ws/bytes')
      const { client } = observeClient(webSocket(peer.url, { WebSocket }), { codec: undefined })
      const received: unknown[] = []
      client.on('binary', (data) => received.push(data))
      client.send('go')
      client.connect()
      await until('the bytes', () => received.length > 0)

      expect(received).toEqual([Uint8Array.of(1, 2, 3).buffer])
    })

    test('[WS2] the protocol that the server chose is in the state', async () => {
      const peer = serverPeer(servers, '/ws/subprotocol')
      const { client } = observeClient(webSocket(peer.url, { WebSocket, protocols: ['chat.v1', 'chat.v2'] }))
      client.connect()
      await client.opened()

      expect(client.state).toMatchObject({ protocol: 'chat.v2' })
    })
  })
}

/** Circumstances of `webSocket` over mock-socket. */
import type { Client } from 'mock-socket'
import type { Transport } from '../../src/transport.ts'
import { webSocket } from '../../src/transports/web-socket.ts'
import { type MockBehavior, mockPeer } from '../fakes/mock-web-socket.ts'
import type { Circumstance, Circumstances } from './circumstances.ts'
import { throwing } from './throwing.ts'

export function mockSockets(): Circumstances {
  return {
    accepts: () => peerThat('accept'),
    refusals: {
      'refuses the upgrade': () => ({
        ...peerThat('refuse'),
        facts: { code: 'unreachable', closeCode: 1006, closeReason: '', wasClean: false },
      }),
    },
    hangs: () => peerThat('hang'),
    sends: (frames) => peerThat('accept', (client) => sendAll(client, frames)),
    endsAfter: (frames) => ({
      ...peerThat('accept', (client) => {
        sendAll(client, frames)
        client.close({ code: 4002, reason: 'so long', wasClean: true })
      }),
      facts: { code: 'lost', closeCode: 4002, closeReason: 'so long', wasClean: true },
    }),
    throws: (cause) => webSocket('ws://mock.test/', { WebSocket: throwing<typeof WebSocket>(cause) }),
    tellsCloseCode: true,
  }
}

function peerThat(behavior: MockBehavior, accepted?: (client: Client) => void): Circumstance {
  const peer = mockPeer(behavior, accepted)
  const { url, WebSocket } = peer
  const make = (where: Parameters<typeof webSocket>[0]): Transport => webSocket(where, { WebSocket })
  return {
    transport: make(url),
    provided: (provide) => make((attempt) => provide(url, attempt)),
    seen: async () => peer.seen,
  }
}

function sendAll(client: Client, frames: readonly string[]): void {
  for (const frame of frames) client.send(frame)
}

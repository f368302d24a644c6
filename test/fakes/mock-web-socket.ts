/**
 * mock-socket 9.3, put right where it differs from a browser, so that the tests need not know of that: a dial that fails
 * ends with 1006 and not with a clean 1000; an end that the server asks for, and one that the client's `close` has
 * completed, is clean; a view is sent as its bytes and not as text; there is a `bufferedAmount`; a peer may hang.
 * https://websockets.spec.whatwg.org/
 */
import { type Client, Server, WebSocket as Socket } from 'mock-socket'
import type { Seen } from '../contract/circumstances.ts'

export interface MockPeer {
  readonly url: string
  /** For the option `WebSocket`: its sockets reach this peer. */
  readonly WebSocket: typeof WebSocket
  /** The server's side of every link, newest last. */
  readonly clients: readonly Client[]
  readonly seen: Seen
  /** No link to it can be opened any more. */
  stop(): void
}

export type MockBehavior = 'accept' | 'refuse' | 'hang'

let peers = 0

/** A peer at a URL of its own. `accepted` is called with the server's side of each link, once the client's side is open. */
export function mockPeer(behavior: MockBehavior = 'accept', accepted: (client: Client) => void = () => {}): MockPeer {
  peers += 1
  const url = `ws://mock-${peers}.test/`
  const server = new Server(url, { mock: false, verifyClient: () => behavior === 'accept', selectProtocol: last })
  const sockets: MockSocket[] = []
  const clients: Client[] = []
  const received: string[] = []
  const closes: Seen['closes'][number][] = []

  class MockSocket extends Socket {
    override readonly bufferedAmount = 0
    // Not a private field: mock-socket works on a Proxy of the socket.
    wasOpen = false

    constructor(target: string | URL, protocols?: string | string[]) {
      super(target, protocols)
      sockets.push(this)
    }

    override send(data: string | ArrayBuffer | ArrayBufferView): void {
      super.send(
        ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice().buffer : data,
      )
    }

    override dispatchEvent(event: Event, ...more: unknown[]): boolean {
      if (behavior === 'hang') return true
      if (event.type === 'open') this.wasOpen = true
      if (event.type === 'close')
        Object.assign(event, this.wasOpen ? { wasClean: true } : { code: 1006, wasClean: false })
      return (super.dispatchEvent as (...all: unknown[]) => boolean)(event, ...more)
    }
  }

  server.on('connection', (client) => {
    clients.push(client)
    client.on('message', (data) =>
      received.push(typeof data === 'string' ? data : `bytes ${bytesOf(data as ArrayBuffer)}`),
    )
    client.target.addEventListener('close', (event) => {
      const { code, reason } = event as CloseEvent
      closes.push({ code, reason })
    })
    accepted(client)
  })

  return {
    url,
    WebSocket: MockSocket as unknown as typeof WebSocket,
    clients,
    get seen() {
      const live = sockets.filter(({ readyState }) => readyState < 3).length
      const requests = sockets.map((socket) => ({ url: socket.url, headers: {} }))
      return { dials: sockets.length, live, received, closes, requests }
    },
    stop: () => server.stop(),
  }
}

/** The last one offered, so that no client can pass by reporting the first. */
function last(offered: string[]): string {
  return offered.at(-1) ?? ''
}

function bytesOf(data: ArrayBuffer): string {
  return `${[...new Uint8Array(data)]}`
}

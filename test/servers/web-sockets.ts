/** WebSocket peers, one path for each circumstance. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { endWithPeer, type Sighting } from './sightings.ts'

export interface WebSocketPeers {
  /** Answers one request for an upgrade; its URL says what the peer does. */
  answer(request: IncomingMessage, socket: Socket, head: Buffer, url: URL, sighting: Sighting): void
  close(): void
}

interface Dial {
  readonly query: URLSearchParams
  /** Which dial of its peer this is, counted from 1. */
  readonly number: number
  readonly socket: Socket
}

type Accepted = (socket: WebSocket, dial: Dial) => void

/** Peers that accept. */
const accepting: Readonly<Record<string, Accepted>> = {
  '/ws/echo': (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  '/ws/subprotocol': () => {},
  /** `frames`, a JSON array, and then an end with `code`, if one is given. */
  '/ws/frames'(socket, { query }) {
    for (const frame of JSON.parse(query.get('frames') ?? '[]')) socket.send(frame)
    if (query.has('code')) socket.close(Number(query.get('code')), query.get('reason') ?? '')
  },
  '/ws/numbered'(socket, { query }) {
    for (let n = 1; n <= Number(query.get('n')); n += 1) socket.send(JSON.stringify({ type: 'n', data: n }))
  },
  /** Ends the first `times` links with `code` and `reason`, or all. */
  '/ws/accept-then-close'(socket, { query, number }) {
    if (number > Number(query.get('times') ?? Infinity)) return
    const code = query.get('code')
    if (code === null) socket.close()
    else socket.close(Number(code), query.get('reason') ?? '')
  },
  '/ws/accept-then-break': (_, { socket }) => socket.destroy(),
  /** Answers the first message with the bytes 1, 2, 3. */
  '/ws/bytes': (socket) => socket.once('message', () => socket.send(Uint8Array.of(1, 2, 3))),
}

/** Peers that do not accept. */
const refusing: Readonly<Record<string, (dial: Dial) => void>> = {
  '/ws/refuse'({ socket, query }) {
    const status = query.get('status') ?? '403'
    socket.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  },
  '/ws/break': ({ socket }) => socket.destroy(),
  '/ws/hang': () => {},
}

export function createWebSocketPeers(): WebSocketPeers {
  const server = new WebSocketServer({
    noServer: true,
    // The last one offered, so that no client can pass by reporting the first.
    handleProtocols: (offered, { url }) =>
      url?.startsWith('/ws/subprotocol') ? ([...offered].at(-1) ?? false) : false,
  })

  return {
    answer(request, socket, head, { pathname, searchParams: query }, sighting) {
      const dial = { query, socket, number: sighting.dial(request, socket) }
      const accepted = accepting[pathname]
      if (!accepted) {
        endWithPeer(socket)
        return (refusing[pathname] ?? refusing['/ws/break'])?.(dial)
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on('error', () => socket.destroy())
        webSocket.on('message', (data, isBinary) => sighting.received(isBinary ? (data as Buffer) : `${data}`))
        webSocket.on('close', (code, reason) => sighting.closed(code, `${reason}`))
        accepted(webSocket, dial)
      })
    },
    close() {
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}

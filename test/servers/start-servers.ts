/**
 * Real servers for the tests, on free ports of 127.0.0.1: peers in all circumstances on one origin, and on another what
 * they have seen. Two, since a browser opens only six connections to one origin, and streams may hold them all.
 *
 * Every peer has an id of the test's choice: what `/ws/echo?id=a` has seen is told at `/seen?id=a` of the control.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { answerEventStream } from './event-streams.ts'
import { createSightings } from './sightings.ts'
import { answerUpstream } from './upstreams.ts'
import { createWebSocketPeers } from './web-sockets.ts'

export interface Origins {
  /** `http:` origin of the peers. */
  readonly peers: string
  /** `http:` origin of what they have seen. */
  readonly control: string
}

export interface TestServers extends Origins {
  close(): Promise<void>
}

export async function startServers(): Promise<TestServers> {
  const sightings = createSightings()
  const webSockets = createWebSocketPeers()
  const upgraded = new Set<Socket>()

  function answerPeer(request: IncomingMessage, response: ServerResponse, url: URL): void {
    if (url.pathname === '/cookie') {
      response.writeHead(204, { 'set-cookie': `${url.searchParams.get('set')}; Path=/` }).end()
      return
    }
    const sighting = sightings.of(idOf(url))
    const number = sighting.dial(request, response)
    const dial = { request, response, query: url.searchParams, number }
    // A body that breaks off is given up by the client, on purpose.
    if (url.pathname === '/upstream') answerUpstream(dial, (body) => sighting.received(body)).catch(() => {})
    else answerEventStream(url.pathname, dial)
  }

  const peers = createServer(crossOrigin(answerPeer))
  // Chromium may hold on to a connection that it could use again: the peer would not see the end of an answer that was
  // given up, and a request that breaks on an old connection is made again.
  peers.prependListener('request', (_, response) => response.setHeader('connection', 'close'))
  peers.on('upgrade', (request, socket, head) => {
    upgraded.add(socket as Socket)
    socket.once('close', () => upgraded.delete(socket as Socket))
    const url = urlOf(request)
    webSockets.answer(request, socket as Socket, head, url, sightings.of(idOf(url)))
  })

  const control = createServer(
    crossOrigin((_, response, url) => {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(JSON.stringify(sightings.of(idOf(url)).seen))
    }),
  )

  return {
    peers: await listen(peers),
    control: await listen(control),
    async close() {
      webSockets.close()
      for (const socket of upgraded) socket.destroy()
      await Promise.all([end(peers), end(control)])
    },
  }
}

function crossOrigin(
  answer: (request: IncomingMessage, response: ServerResponse, url: URL) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*')
    response.setHeader('access-control-allow-credentials', 'true')
    if (request.method === 'OPTIONS') return answerPreflight(request, response)
    answer(request, response, urlOf(request))
  }
}

/** With `preflight=no` it is refused, as by a server that knows of no preflights. A preflight is no dial: only the request itself is. */
function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const isRefused = urlOf(request).searchParams.get('preflight') === 'no'
  response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '')
  response.setHeader('access-control-allow-methods', '*, PUT, DELETE, PATCH')
  response.writeHead(isRefused ? 405 : 204).end()
}

function urlOf({ url = '/' }: IncomingMessage): URL {
  return new URL(url, 'http://127.0.0.1')
}

function idOf(url: URL): string {
  return url.searchParams.get('id') ?? ''
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function end(server: Server): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  return ended
}

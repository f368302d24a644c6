import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket as Socket, type WebSocket, WebSocketServer } from 'ws'
import { describeState } from '../../docs/recipes/describe-state.ts'
import { answerPings } from '../../docs/recipes/server/answer-pings.ts'
import { type ConnectionState, type HeartbeatOptions, RealtimeError, webSocket } from '../../src/index.ts'
import { until } from '../contract/until.ts'
import { holdClient } from './held-client.ts'
import { startLiveServer } from './live-server.ts'

const probe = { event: 'ping' }

test('[HB1] a link on which nothing else happens outlives the patience of the server by its probes', async () => {
  const { server, told } = await givenPings({ idle: 500, timeout: 500, probe }, (socket) => answerPings(socket, 1200))
  // The third comes after 1500 ms at the earliest.
  await until('three probes', () => server.received.length === 3)

  expect(server.received[2]).toBe('{"type":"ping"}')
  expect(server.welcomed).toHaveLength(1)
  expect(told.statuses).toEqual(['connecting', 'open'])
})

test('[HB1] a server that answers no probe is left, and dialed again', async () => {
  const { server, told } = await givenPings({ idle: 20, timeout: 20, probe }, () => {})
  await until('the second socket', () => server.welcomed.length === 2)

  expect(told.errors[0]).toMatchObject({ code: 'silent', retryable: true, hint: expect.stringContaining('heartbeat') })
  expect(server.received[0]).toBe('{"type":"ping"}')
})

test('a client that says nothing stays by the pongs of its platform', async () => {
  let pongs = 0
  const { server, told } = await givenPings(false, (socket) => {
    answerPings(socket, 200)
    socket.on('pong', () => (pongs += 1))
  })
  await until('five pongs', () => pongs === 5)

  expect(server.welcomed).toHaveLength(1)
  expect(told.statuses).toEqual(['connecting', 'open'])
})

test('a socket from which nothing comes any more is ended when the patience is over', async () => {
  const { server } = await givenPings(false, (socket) => answerPings(socket, 200))
  const dead = new Socket(server.url, { autoPong: false })

  expect((await once(dead, 'close'))[0]).toBe(1006)
})

const error = new RealtimeError('lost')
const refused = new RealtimeError('unauthorized')
const states: readonly (readonly [ConnectionState, string])[] = [
  [{ status: 'idle' }, ''],
  [{ status: 'connecting', attempt: 1 }, 'Connecting …'],
  [{ status: 'connecting', attempt: 2, error }, 'Reconnecting …'],
  [{ status: 'open', transport: 'websocket', openedAt: 0 }, 'Connected'],
  [{ status: 'waiting', attempt: 2, retryAt: 4100, error }, 'Connection lost. Trying again in 5 s'],
  [{ status: 'waiting', attempt: 2, retryAt: 0, error }, 'Connection lost. Trying again in 1 s'],
  [{ status: 'suspended', reason: 'offline' }, 'You are offline'],
  [{ status: 'suspended', reason: 'hidden' }, 'Paused while this page is not in use'],
  [{ status: 'closed' }, 'Disconnected'],
  [{ status: 'closed', error: refused }, 'Please sign in again'],
]

test.for(states)('a visitor reads of %o: %s', ([state, words]) => {
  expect(describeState(state, 0)).toBe(words)
})

/** A server whose sockets do this, and an open client with this heartbeat. */
async function givenPings(heartbeat: false | HeartbeatOptions, serve: (socket: WebSocket) => void) {
  const server = await startLiveServer((http, { welcome }) => {
    new WebSocketServer({ server: http }).on('connection', (socket) => {
      welcome(socket)
      serve(socket)
    })
  })
  const all = holdClient(webSocket(server.url), { heartbeat })
  all.client.connect()
  await all.reached('open')
  return { server, ...all }
}

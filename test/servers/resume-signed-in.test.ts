/** The recipes for signing in and those for resuming, together. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket as Socket } from 'ws'
import { cookieSession } from '../../docs/recipes/cookie-session.ts'
import { enterRoom } from '../../docs/recipes/enter-room.ts'
import { acceptCookies } from '../../docs/recipes/server/accept-cookies.ts'
import { acceptSubprotocolTokens } from '../../docs/recipes/server/accept-subprotocol-tokens.ts'
import { acceptTickets } from '../../docs/recipes/server/accept-tickets.ts'
import { numberMessages } from '../../docs/recipes/server/number-messages.ts'
import { serveRooms } from '../../docs/recipes/server/serve-rooms.ts'
import { signIn } from '../../docs/recipes/sign-in.ts'
import { ticketInQuery } from '../../docs/recipes/ticket-in-query.ts'
import { tokenInSubprotocol } from '../../docs/recipes/token-in-subprotocol.ts'
import { untilWelcomed } from '../../docs/recipes/until-welcomed.ts'
import { type Attempt, type DuplexClient, type DuplexTransport, type Handshake, webSocket } from '../../src/index.ts'
import { until } from '../contract/until.ts'
import { holdClient } from './held-client.ts'
import { startLiveServer } from './live-server.ts'

type Log = ReturnType<typeof numberMessages>

interface Way {
  /** Serves the log to those who are let in. Returns what issues tickets. */
  readonly accept: (server: Server, log: Log) => (() => string) | undefined
  readonly dial: (url: (attempt: Attempt) => string, origin: string) => DuplexTransport
  readonly handshake: (link: Handshake) => Promise<void>
}

const origin = 'https://shop.example'
const userOf = (token: unknown) => (token === 'good' ? 'Ana' : undefined)

const ways: readonly (readonly [name: string, way: Way])[] = [
  [
    'the first message',
    {
      accept: (server, log) => void serveRooms(server, userOf, () => log),
      // The id is in the sign-in alone.
      dial: (url) => webSocket((attempt) => url(attempt).replace(/\?.*/, '')),
      handshake: signIn(async () => 'good', new Set(['lobby'])),
    },
  ],
  [
    'a ticket',
    {
      accept(server, { serve }) {
        const issue = acceptTickets(server, (socket, _user, request) => serve(socket, request))
        return () => issue('Ana')
      },
      dial: (url, host) => ticketInQuery(url, `${host}/ticket`),
      handshake: untilWelcomed,
    },
  ],
  [
    'a token in the subprotocol',
    {
      accept: (server, { serve }) => void acceptSubprotocolTokens(server, () => Date.now() + 60_000, serve),
      dial: (url) => tokenInSubprotocol(url, async () => 'good'),
      handshake: untilWelcomed,
    },
  ],
  [
    'a cookie',
    {
      accept: (server, { serve }) =>
        void acceptCookies(server, new Set([origin]), userOf, (socket, _user, request) => serve(socket, request)),
      dial(url, host) {
        vi.stubGlobal('WebSocket', VisitorsSocket)
        onTestFinished(() => void vi.unstubAllGlobals())
        return cookieSession(url, `${host}/renew`)
      },
      handshake: untilWelcomed,
    },
  ],
]

/** Adds what a browser would. */
class VisitorsSocket extends Socket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols, { origin, headers: { cookie: '__Host-session=good' } })
  }
}

test.for(ways)('[RS2] who signs in with %s misses nothing over cuts, and is sent nothing twice', async ([, way]) => {
  const log = numberMessages()
  let issue: (() => string) | undefined
  const server = await startLiveServer(
    (http) => {
      issue = way.accept(http, log)
    },
    (_, response) => response.end(issue?.()),
  )
  const url = ({ lastEventId }: Attempt) => `${server.url}?since=${encodeURIComponent(lastEventId)}`
  // Without `dedupe`, which would hide what comes twice.
  const { client } = holdClient(way.dial(url, server.origin), { handshake: way.handshake })
  const { heard } = listenIn(client)
  client.connect()

  await until('the beginning', () => heard.length === 1)
  for (const last of [2, 5]) {
    log.publish('said', last - 1)
    await until('what is said', () => heard.includes(last - 1))
    // On its way when the link breaks.
    log.publish('said', last)
    const links = server.dials.length
    for (const { socket } of server.dials) socket.destroy()
    log.publish('said', last + 1)
    await until('the next link', () => server.dials.length > links && client.state.status === 'open')
  }
  log.publish('said', 7)
  await until('the last', () => heard.includes(7))

  expect(heard).toEqual(['reset', 1, 2, 3, 4, 5, 6, 7])
})

test('[RS2] a sign-in that is refused in between gets nothing, and the next brings all of it', async () => {
  const { server, lobby, enter, cut } = await givenRooms()
  const { client, heard } = enter({ tokens: ['good', 'dead', 'good'] })
  await until('the beginning', () => heard.length === 1)
  lobby.publish('said', 1)
  await until('the first', () => heard.includes(1))
  cut()
  lobby.publish('said', 2)
  await until('the second', () => heard.includes(2))

  expect(heard).toEqual(['reset', 1, 2])
  expect(server.dials).toHaveLength(3)
  expect(client.state.status).toBe('open')
})

test('who brings a good id and a bad token is told that it is refused, and nothing else', async () => {
  const { server, lobby, enter } = await givenRooms()
  const { client, heard } = enter()
  await until('the beginning', () => heard.length === 1)
  lobby.publish('said', 1)
  const stranger = await dialRaw(server.url)
  stranger.send('sign-in', { token: 'dead', since: client.lastEventId })
  stranger.send('subscribe', { room: 'lobby' })
  await once(stranger.socket, 'close')

  expect(stranger.received).toEqual([{ type: 'sign-in', data: { ok: false } }])
})

test('who may not enter a room hears nothing of it, and says nothing in it', async () => {
  const { server, office, lobby } = await givenRooms()
  const member = await dialRaw(server.url)
  member.send('sign-in', { token: 'good' })
  member.send('subscribe', { room: 'office' })
  member.send('say', { room: 'office', text: 'let me in' })
  member.send('say', { room: 'lobby', text: 'not there yet' })
  member.send('subscribe', { room: 'lobby' })
  await until('the beginning', () => member.received.length === 2)
  office.publish('said', 'secret')
  lobby.publish('said', 'hello')
  await until('what is said', () => member.received.length > 2)

  expect(member.received).toMatchObject([
    { type: 'sign-in' },
    { type: 'reset', id: expect.stringMatching(/-0$/) },
    { data: 'hello' },
  ])
})

test('who subscribes twice hears everything once', async () => {
  const { server, lobby } = await givenRooms()
  const member = await dialRaw(server.url)
  member.send('sign-in', { token: 'good' })
  for (const room of ['lobby', 'lobby']) member.send('subscribe', { room })
  member.send('say', { room: 'lobby', text: 'hello' })
  await until('what is said', () => member.received.length === 3)
  lobby.publish('said', 'the last')
  await until('the last', () => member.received.some(({ data }) => data === 'the last'))

  expect(member.received.map(({ data }) => data)).toEqual([
    { ok: true },
    undefined,
    { user: 'Ana', text: 'hello' },
    'the last',
  ])
})

test('[RS2] of two rooms on one link, the one that spoke last goes on, and the other says that it has to be loaded', async () => {
  const { lobby, deck, enter, cut } = await givenRooms()
  const { heard } = enter({ rooms: ['lobby', 'deck'] })
  await until('both beginnings', () => heard.length === 2)
  deck.publish('said', 'deck 1')
  lobby.publish('said', 'lobby 1')
  await until('what both say', () => heard.length === 4)
  cut()
  deck.publish('said', 'deck 2')
  lobby.publish('said', 'lobby 2')
  await until('what follows', () => heard.length === 6)

  expect(heard.slice(4).sort()).toEqual(['lobby 2', 'reset'])
})

test.each([1, null, { toString: 1 }, ['x-1'], 'x'.repeat(300)])(
  'who signs in with %j for an id begins anew, and the server lives on',
  async (since) => {
    const { server } = await givenRooms()
    const member = await dialRaw(server.url)
    member.send('sign-in', { token: 'good', since })
    member.send('subscribe', { room: 'lobby' })
    await until('the beginning', () => member.received.length === 2)

    expect(member.received[1]).toMatchObject({ type: 'reset' })
  },
)

test('what a member says that is no text is told to nobody, and the server lives on', async () => {
  const { server } = await givenRooms()
  const member = await dialRaw(server.url)
  member.send('sign-in', { token: 'good' })
  member.send('subscribe', { room: 'lobby' })
  const deep = `${'['.repeat(16_000)}${']'.repeat(16_000)}`
  for (const text of ['5', deep]) member.socket.send(`{"type":"say","data":{"room":"lobby","text":${text}}}`)
  member.send('say', { room: 'lobby', text: 'hello' })
  await until('what is said', () => member.received.length > 2)

  expect(member.received[2]).toMatchObject({ data: { user: 'Ana', text: 'hello' } })
})

test.each(['null', '{"type":"subscribe"', '{"type":"subscribe"}', '{"type":"subscribe","data":{"room":{}}}', ''])(
  'a member who sends %j enters nothing, and the server lives on',
  async (frame) => {
    const { server } = await givenRooms()
    const member = await dialRaw(server.url)
    member.send('sign-in', { token: 'good' })
    member.socket.send(frame)
    member.send('subscribe', { room: 'lobby' })
    await until('the beginning', () => member.received.length === 2)

    expect(member.received[1]).toMatchObject({ type: 'reset' })
  },
)

test('a room is a client in few words: it loads at the beginning, hears all of it, and says what was queued', async () => {
  const { server, lobby, cut } = await givenRooms()
  let loads = 0
  const client = enterRoom(
    server.url,
    'lobby',
    async () => 'good',
    () => (loads += 1),
  )
  onTestFinished(() => client.close())
  const { heard } = listenIn(client)
  client.send('say', { room: 'lobby', text: 'hello' })
  client.connect()
  await until('what was queued', () => heard.length === 2)
  cut()
  lobby.publish('said', 1)
  await until('what was missed', () => heard.length === 3)

  expect(heard).toEqual(['reset', { user: 'Ana', text: 'hello' }, 1])
  expect(loads).toBe(1)
})

interface Visitor {
  /** One after another, and then the last for ever. */
  readonly tokens?: readonly string[]
  readonly rooms?: readonly string[]
}

/** A server with three rooms, of which nobody may enter the office. */
async function givenRooms() {
  const [lobby, deck, office] = [numberMessages(), numberMessages(), numberMessages()]
  const open = new Map([
    ['lobby', lobby],
    ['deck', deck],
  ])
  const server = await startLiveServer((http) => serveRooms(http, userOf, (_user, room) => open.get(room)))
  return {
    server,
    lobby,
    deck,
    office,
    cut() {
      for (const { socket } of server.dials) socket.destroy()
    },
    enter({ tokens = ['good'], rooms = ['lobby'] }: Visitor = {}) {
      const left = [...tokens]
      const getToken = async () => (left.length > 1 ? left.shift() : left[0]) ?? ''
      const { client } = holdClient(webSocket(server.url), { handshake: signIn(getToken, new Set(rooms)) })
      const { heard } = listenIn(client)
      client.connect()
      return { client, heard }
    },
  }
}

/** What is said, and 'reset' where there is something to load. */
function listenIn(client: DuplexClient) {
  const heard: unknown[] = []
  client.on('reset', () => heard.push('reset'))
  client.on('said', (data) => heard.push(data))
  return { heard }
}

/** A socket without a client. */
async function dialRaw(url: string) {
  const received: { readonly type: string; readonly data?: unknown }[] = []
  const socket = new Socket(url)
  onTestFinished(() => socket.terminate())
  socket.on('message', (frame) => received.push(JSON.parse(`${frame}`)))
  await once(socket, 'open')
  const send = (type: string, data: unknown) => socket.send(JSON.stringify({ type, data }))
  return { socket, received, send }
}

import { expect, onTestFinished, test } from 'vitest'
import { acceptSignIns } from '../../docs/recipes/server/accept-sign-ins.ts'
import { signIn } from '../../docs/recipes/sign-in.ts'
import { tokenUntilRefused } from '../../docs/recipes/token-until-refused.ts'
import { webSocket } from '../../src/index.ts'
import { until } from '../contract/until.ts'
import { holdClient } from './held-client.ts'
import { startLiveServer } from './live-server.ts'

test('[HS1] what is queued waits until the server has answered, and goes out after the subscriptions', async () => {
  const { server, client, reached, atSignIn } = await givenSignIns({ rooms: ['lobby', 'deck'] })
  client.send('chat', { text: 'first' })
  client.send('chat', { text: 'second' })
  client.connect()
  await reached('open')
  await until('all frames', () => server.received.length === 4)

  expect(atSignIn).toEqual([{ token: 'one', status: 'connecting' }])
  expect(server.received.map((frame) => JSON.parse(frame))).toEqual([
    { type: 'subscribe', data: { room: 'lobby' } },
    { type: 'subscribe', data: { room: 'deck' } },
    { type: 'chat', data: { text: 'first' } },
    { type: 'chat', data: { text: 'second' } },
  ])
})

test('[HS3] after every loss it signs in and subscribes again, to the rooms of then', async () => {
  const { server, client, told, rooms, atSignIn } = await givenSignIns({ rooms: ['lobby'] })
  client.connect()
  await until('the first subscription', () => server.received.length === 1)
  rooms.delete('lobby')
  rooms.add('deck')
  server.welcomed[0]?.close(1012)
  await until('the second subscription', () => server.received.length === 2)

  expect(atSignIn.map(({ token }) => token)).toEqual(['one', 'one'])
  expect(server.received.map((frame) => JSON.parse(frame).data.room)).toEqual(['lobby', 'deck'])
  expect(told.codes).toEqual(['lost'])
})

test('[HS2] a sign-in that is refused is tried once more, at once, with a fresh token', async () => {
  const { server, client, told, reached, atSignIn } = await givenSignIns({ tokens: ['dead', 'fresh'] })
  client.connect()
  await reached('open')

  expect(atSignIn.map(({ token }) => token)).toEqual(['dead', 'fresh'])
  expect(told.statuses).toEqual(['connecting', 'connecting', 'open'])
  expect(told.codes).toEqual(['unauthorized'])
  expect(server.dials).toHaveLength(2)
})

test('[HS2] a second refusal in a row closes the client, and what it had to send never left', async () => {
  const { server, client, told, reached, atSignIn } = await givenSignIns({ tokens: ['dead', 'also dead', 'unused'] })
  client.send('chat', { text: 'for members only' })
  client.connect()
  await reached('closed')

  expect(client.state).toMatchObject({ error: { code: 'unauthorized', retryable: false } })
  expect(told.codes).toEqual(['unauthorized', 'unauthorized', 'aborted'])
  expect(atSignIn.map(({ token }) => token)).toEqual(['dead', 'also dead'])
  expect(server.received).toEqual([])
})

test('whoever does not sign in gets nothing, and is sent away when the patience is over', async () => {
  const { server, client, reached } = await givenSignIns({ patience: 200 })
  const stranger = dialRaw(server.url)
  await stranger.opened
  client.connect()
  await reached('open')
  for (const member of server.welcomed) member.send('{"type":"secret"}')
  await stranger.closed

  expect(stranger.received).toEqual([])
  expect(stranger.closeCode()).toBe(4408)
  expect(server.welcomed).toHaveLength(1)
})

test.each(['null', '{"type":"sign-in"', '{"type":"sign-in"}', '{"type":"chat","data":{"text":"let me in"}}', ''])(
  'a stranger whose first message is %j is sent away, and the server lives on',
  async (frame) => {
    const { server, client, reached } = await givenSignIns()
    const stranger = dialRaw(server.url)
    await stranger.opened
    stranger.send(frame)
    await stranger.closed
    client.connect()
    await reached('open')

    expect(stranger.received).toEqual(['{"type":"sign-in","data":{"ok":false}}'])
    expect(stranger.closeCode()).toBe(4401)
  },
)

interface Circumstance {
  /** What the client fetches, one after another. */
  readonly tokens?: readonly string[]
  readonly rooms?: readonly string[]
  readonly patience?: number
}

/** A server with the recipe for sign-ins, and a client with the one for handshakes. */
async function givenSignIns({ tokens = ['one'], rooms = [], patience = 60_000 }: Circumstance = {}) {
  const atSignIn: { token: unknown; status: string }[] = []
  const left = [...tokens]
  const own = new Set(rooms)
  const server = await startLiveServer((http, { welcome }) => {
    const userOf = (token: unknown) => {
      if (typeof token !== 'string') return undefined
      atSignIn.push({ token, status: all.client.state.status })
      return /dead/.test(token) ? undefined : 'Ana'
    }
    acceptSignIns(http, userOf, welcome, patience)
  })
  const handshake = signIn(
    tokenUntilRefused(async () => left.shift() ?? ''),
    own,
  )
  const all = holdClient(webSocket(server.url), { handshake })
  return { ...all, server, atSignIn, rooms: own }
}

/** A socket without a client. */
function dialRaw(url: string) {
  const socket = new WebSocket(url)
  const received: unknown[] = []
  let closeCode: number | undefined
  socket.onmessage = ({ data }) => received.push(data)
  onTestFinished(() => socket.close())
  return {
    received,
    closeCode: () => closeCode,
    send: (frame: string) => socket.send(frame),
    opened: new Promise((resolve) => {
      socket.onopen = resolve
    }),
    closed: new Promise<void>((resolve) => {
      socket.onclose = ({ code }) => {
        closeCode = code
        resolve()
      }
    }),
  }
}

import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { type WebSocket as ServedSocket, WebSocketServer } from 'ws'
import { sendUntilAcknowledged } from '../../docs/recipes/send-until-acknowledged.ts'
import { takeOnce } from '../../docs/recipes/server/take-once.ts'
import { storedOutbox } from '../../docs/recipes/stored-outbox.ts'
import { webSocket } from '../../src/index.ts'
import { givenOpen, payloads, say } from '../circumstances.ts'
import { until } from '../contract/until.ts'
import { holdClient } from './held-client.ts'
import { startLiveServer } from './live-server.ts'

test('[SQ2] what is posted before the link is open is taken when it is, once and in order', async () => {
  const { post, open, taken } = await givenOutbox()
  for (const n of [1, 2, 3]) post(n)
  await open()
  await until('all', () => taken.length >= 3)
  post(4)
  await until('the last', () => taken.length >= 4)

  expect(taken).toEqual([1, 2, 3, 4])
})

test('what a server has taken and could not acknowledge is sent again, and not taken again', async () => {
  const { post, open, taken, server, outbox } = await givenOutbox({
    // The first link is cut before its answer leaves.
    behave(socket, number) {
      if (number === 1) socket.send = () => socket.terminate()
    },
  })
  await open()
  for (const n of [1, 2]) post(n)
  await until('the acknowledgement', () => outbox.size === 0)

  expect(taken).toEqual([1, 2])
  const sent = server.received.map((frame) => JSON.parse(frame).data)
  expect(sent.filter(({ number }) => number === 1)).toHaveLength(2)
})

test('what was lost on the way is sent again, before what came later', async () => {
  const { post, open, taken, outbox } = await givenOutbox({
    behave(socket, number) {
      // Hears nothing, and is gone when it should have heard.
      if (number === 1) socket.removeAllListeners('message').on('message', () => socket.terminate())
    },
  })
  await open()
  for (const n of [1, 2, 3]) post(n)
  await until('the acknowledgement', () => outbox.size === 0)

  expect(taken).toEqual([1, 2, 3])
})

test('what is posted before and after a reconnect is taken once and in its turn', async () => {
  const { client, post, open, taken, outbox } = await givenOutbox({
    behave(socket, number) {
      if (number === 1) socket.removeAllListeners('message')
    },
  })
  await open()
  post(1)
  post(2)
  client.reconnect()
  post(3)
  await until('the acknowledgement', () => outbox.size === 0)

  expect(taken).toEqual([1, 2, 3])
})

test('a page that is loaded again sends what the one before has left', async () => {
  const before = await givenOutbox()
  for (const n of [1, 2, 3]) before.post(n)
  before.client.close()
  const { client } = holdClient(webSocket(before.server.url))
  const post = sendUntilAcknowledged(client, 'page', before.outbox)
  post(4)
  client.connect()
  await until('all', () => before.outbox.size === 0)

  expect(before.taken).toEqual([1, 2, 3, 4])
})

test('a stored outbox is sent by the page that is loaded next', async () => {
  const storage = fakeStorage()
  const { taken, server } = await givenOutbox()
  const { sender, outbox } = storedOutbox(storage)
  const post = sendUntilAcknowledged(holdClient(webSocket(server.url)).client, sender, outbox)
  for (const n of [1, 2]) post(n)
  const reloaded = givenPage(server.url, storage)
  reloaded.post(3)
  await until('all', () => reloaded.outbox.size === 0)

  expect(taken).toEqual([1, 2, 3])
  expect(reloaded.sender).toBe(sender)
})

test('a page that is loaded when all was taken is no repeat of the one before', async () => {
  const storage = fakeStorage()
  const { taken, server } = await givenOutbox()
  for (const n of [1, 2, 3, 4]) {
    // Two posts for each page.
    const page = givenPage(server.url, storage)
    page.post(n)
    await until('the first', () => page.outbox.size === 0)
    page.post(-n)
    await until('the second', () => page.outbox.size === 0)
    page.client.close()
  }

  expect(taken).toEqual([1, -1, 2, -2, 3, -3, 4, -4])
})

test('what a full storage does not take is not sent, and does not hold up what it takes later', async () => {
  const storage = fakeStorage()
  const { taken, server } = await givenOutbox()
  const { post, outbox, reached } = givenPage(server.url, storage)
  await reached('open')
  storage.isFull = true
  expect(() => post(1)).toThrow('full')
  storage.isFull = false
  post(2)
  await until('the acknowledgement', () => outbox.size === 0)

  expect(taken).toEqual([2])
})

test('two senders do not take each other for repeats', async () => {
  const { post, open, taken, server } = await givenOutbox()
  await open()
  post('a')
  await until('one', () => taken.length === 1)
  const { client } = holdClient(webSocket(server.url))
  sendUntilAcknowledged(client)('b')
  client.connect()
  await until('the other', () => taken.length === 2)

  expect(taken).toEqual(['a', 'b'])
})

test('a server that has forgotten its senders goes on with what they have left', async () => {
  const { post, open, taken, restart, outbox } = await givenOutbox()
  await open()
  post(1)
  await until('the first', () => outbox.size === 0)
  restart()
  for (const n of [2, 3]) post(n)
  await until('the others', () => outbox.size === 0)

  expect(taken).toEqual([1, 2, 3])
})

test.each(['{', 'null', '{"type":"post"}', '{"type":"post","data":{"sender":1,"number":1,"first":1}}'])(
  'the frame %s, which is nobody’s post, does no harm',
  async (frame) => {
    const { client, post, open, taken, outbox, server } = await givenOutbox({ queue: false })
    await open()
    const raw = new WebSocket(server.url)
    raw.onopen = () => raw.send(frame)
    await until('its arrival', () => server.received.includes(frame))
    raw.close()
    post(1)
    await until('the acknowledgement', () => outbox.size === 0)

    expect(taken).toEqual([1])
    expect(client.state.status).toBe('open')
  },
)

test('a server that says to have taken more than was posted ends no loop, and what comes later has its turn', () => {
  const { client, link } = givenOpen()
  const post = sendUntilAcknowledged(client, 'me')
  post('a')
  say(link(), 'taken', { sender: 'me', upTo: 1e15 })
  post('b')

  expect(payloads(link().sent)).toMatchObject([
    { number: 1, first: 1 },
    { number: 2, first: 2, data: 'b' },
  ])
})

test('nobody speaks for the sender of another user', () => {
  const taken: unknown[] = []
  const serve = takeOnce((data) => taken.push(data))
  const speak = (user: string, number: number) => {
    const socket = Object.assign(new EventEmitter(), { send() {} })
    serve(socket as never, user)
    socket.emit('message', JSON.stringify({ type: 'post', data: { sender: 'ana', number, first: number, data: user } }))
  }
  speak('mallory', 1e9)
  speak('ana', 1)

  expect(taken).toEqual(['mallory', 'ana'])
})

/** A page that posts out of what `storage` has. */
function givenPage(url: string, storage: Parameters<typeof storedOutbox>[0]) {
  const held = holdClient(webSocket(url))
  const stored = storedOutbox(storage)
  const post = sendUntilAcknowledged(held.client, stored.sender, stored.outbox)
  held.client.connect()
  return { ...held, ...stored, post }
}

function fakeStorage() {
  const items = new Map<string, string>()
  return {
    isFull: false,
    getItem: (key: string) => items.get(key) ?? null,
    setItem(key: string, value: string) {
      if (this.isFull) throw new Error('It is full.')
      items.set(key, value)
    },
  }
}

test('what cannot be written throws where it is posted, and does not hold up what comes later', async () => {
  const { post, open, taken } = await givenOutbox()
  post(1)
  expect(() => post(2n)).toThrow(TypeError)
  await open()
  expect(() => post(2n)).toThrow(TypeError)
  post(3)
  await until('both', () => taken.length >= 2)

  expect(taken).toEqual([1, 3])
})

test('what another tab on the same link has posted is not taken for its own', async () => {
  const { client, post, open, outbox, server, taken } = await givenOutbox({
    behave(socket) {
      socket.removeAllListeners('message')
    },
  })
  await open()
  post(1)
  const heard = new Promise<void>((resolve) => {
    client.on('taken', () => resolve())
  })
  for (const socket of server.welcomed)
    socket.send(JSON.stringify({ type: 'taken', data: { sender: 'another', upTo: 1 } }))
  await heard

  expect([outbox.size, taken]).toEqual([1, []])
})

/** A client with an outbox, and a server that takes; `behave` changes what a socket does, by its number from 1. */
async function givenOutbox({
  behave,
  queue = { whenFull: 'drop-newest' },
}: {
  readonly behave?: (socket: ServedSocket, number: number) => void
  readonly queue?: false | { readonly whenFull: 'drop-newest' }
} = {}) {
  const taken: unknown[] = []
  let serve = takeOnce((data) => taken.push(data))
  const webSockets: ServedSocket[] = []
  const server = await startLiveServer((http, { welcome }) => {
    new WebSocketServer({ server: http }).on('connection', (socket) => {
      webSockets.push(socket)
      welcome(socket)
      serve(socket)
      behave?.(socket, webSockets.length)
    })
  })
  const { client, reached } = holdClient(webSocket(server.url), { queue })
  const outbox = new Map<number, unknown>()
  const post = sendUntilAcknowledged(client, 'page', outbox)
  return {
    client,
    post,
    outbox,
    taken,
    server,
    open: () => {
      client.connect()
      return reached('open')
    },
    restart() {
      serve = takeOnce((data) => taken.push(data))
      for (const socket of webSockets) socket.terminate()
    },
  }
}

import type { Server } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { resumeSocket } from '../../docs/recipes/resume-socket.ts'
import { numberMessages } from '../../docs/recipes/server/number-messages.ts'
import { listenTo } from '../circumstances.ts'
import { until } from '../contract/until.ts'
import { startLiveServer } from './live-server.ts'

test('[RS2] a socket that was cut is followed by one that brings what was said meanwhile', async () => {
  const { publish, page, dials } = await givenAway()
  for (const n of [2, 3]) publish(n)
  await until('the others', () => page.heard.length === 3)
  publish(4)
  await until('the last', () => page.heard.length === 4)

  expect(page.heard).toEqual([1, 2, 3, 4])
  expect(page.loads()).toBe(1)
  expect(dials).toEqual(['/live?since=', expect.stringMatching(/^\/live\?since=\w+-1$/)])
})

test('[RS2] a socket that is cut before its first message loses none either', async () => {
  const { publish, load, cut } = await givenServer()
  const page = load()
  await until('the beginning', () => page.loads() === 1)
  cut()
  publish(1)
  await until('the message', () => page.heard.length === 1)

  expect(page.loads()).toBe(1)
})

test('[RS2] a page that is loaded again goes on after the id that the one before has left', async () => {
  const { publish, load } = await givenServer()
  const before = load()
  await until('the beginning', () => before.loads() === 1)
  publish(1)
  await until('the first', () => before.heard.length === 1)
  before.client.close()
  publish(2)
  const after = load(before.client.lastEventId)
  await until('the second', () => after.heard.length === 1)

  expect(after.heard).toEqual([2])
  expect(after.loads()).toBe(0)
})

test('who was away for too long loads everything again, and goes on from there', async () => {
  const { publish, page } = await givenAway({ kept: 2 })
  for (const n of [2, 3, 4]) publish(n)
  await until('the news that too much is gone', () => page.loads() === 2)
  publish(5)
  await until('what follows', () => page.heard.length === 2)

  expect(page.heard).toEqual([1, 5])
})

test('who was away for no longer than what is kept loads nothing again', async () => {
  const { publish, page } = await givenAway({ kept: 2 })
  for (const n of [2, 3]) publish(n)
  await until('the others', () => page.heard.length === 3)

  expect(page.heard).toEqual([1, 2, 3])
  expect(page.loads()).toBe(1)
})

test.each(['another-7', '1', '-3', 'x'.repeat(300), ''])(
  'who brings the id %s, which this process has not given out, loads everything',
  async (id) => {
    const { publish, load } = await givenServer()
    for (const n of [1, 2]) publish(n)
    const page = load(id)
    await until('the beginning', () => page.loads() === 1)
    publish(3)
    await until('what follows', () => page.heard.length === 1)

    expect(page.heard).toEqual([3])
  },
)

test('who brings a number that is yet to come loads everything', async () => {
  const { publish, load } = await givenServer()
  const page = load()
  await until('the beginning', () => page.loads() === 1)
  const ahead = load(page.client.lastEventId.replace(/0$/, '9'))
  await until('its beginning', () => ahead.loads() === 1)
  publish(1)
  await until('what follows', () => ahead.heard.length === 1)

  expect(ahead.heard).toEqual([1])
})

test('a reader that does not read costs its socket no more than a little, and then gets it all', async () => {
  const { publish, sockets, load } = await givenServer({ kept: 20_000 })
  const page = load()
  await until('the beginning', () => page.loads() === 1)
  const [socket] = [...sockets()]
  const filler = 'x'.repeat(1000)
  let most = 0
  for (let n = 0; n < 20_000; n += 1) {
    publish(filler)
    most = Math.max(most, socket?.bufferedAmount ?? 0)
  }
  await until('all of it', () => page.heard.length === 20_000, 20_000)

  expect(most).toBeGreaterThan(60_000)
  expect(most).toBeLessThan(70_000)
})

/** A page that has heard the first message, and whose link was cut then. */
async function givenAway(options?: Parameters<typeof givenServer>[0]) {
  const server = await givenServer(options)
  const page = server.load()
  await until('the beginning', () => page.loads() === 1)
  server.publish(1)
  await until('the first', () => page.heard.length === 1)
  server.cut()
  return { ...server, page }
}

async function givenServer({ kept }: { readonly kept?: number } = {}) {
  const { publish, serve } = numberMessages(kept)
  let webSockets: WebSocketServer | undefined
  const dials: unknown[] = []
  const { url } = await startLiveServer((server: Server) => {
    webSockets = new WebSocketServer({ server, path: '/live' })
    webSockets.on('connection', (socket, request) => {
      dials.push(request.url)
      serve(socket, request)
    })
  })
  const sockets = (): ReadonlySet<WebSocket> => webSockets?.clients ?? new Set()
  return {
    publish: (data: unknown) => publish('news', data),
    dials,
    sockets,
    cut() {
      for (const socket of sockets()) socket.terminate()
    },
    load(lastEventId?: string) {
      let loads = 0
      const client = resumeSocket(url, () => (loads += 1), lastEventId)
      onTestFinished(() => client.close())
      const heard: unknown[] = []
      client.on('news', (data) => heard.push(data))
      const told = listenTo(client)
      client.connect()
      return { client, heard, told, loads: () => loads }
    },
  }
}

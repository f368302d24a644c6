import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { joinRoom } from '../../docs/recipes/join-room.ts'
import { acceptPosts, type Posted } from '../../docs/recipes/server/accept-posts.ts'
import { listenTo } from '../circumstances.ts'
import { until } from '../contract/until.ts'
import { startLiveServer } from './live-server.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)

test('[UP1] what is said in a room reaches everybody who listens, in order and once', async () => {
  const { join } = await givenRoom()
  const ana = await join()
  const bob = await join()
  for (const text of numbers(20)) ana.client.send('say', { text })
  await until('all of it', () => bob.heard.length >= 20 && ana.heard.length >= 20)

  expect([ana.heard, bob.heard]).toEqual([numbers(20), numbers(20)])
})

test('[UP2] where answers are lost, and requests too, the key makes exactly once of at least once', async () => {
  const { join, posts, cut } = await givenRoom()
  const { client, heard } = await join()
  cut.before.add(2).add(6)
  cut.after.add(1).add(4).add(7)
  for (const text of numbers(5)) client.send('say', { text })
  await until('all of it', () => heard.length >= 5, 20_000)
  await until('the last answer', () => posts.length === 10, 20_000)

  expect(heard).toEqual(numbers(5))
}, 50_000)

test('[UP2] what cannot be kept comes again until it can', async () => {
  const { join, store } = await givenRoom()
  const { client, heard, told } = await join()
  store.fails = 1
  client.send('say', { text: 'one' })
  client.send('say', { text: 'two' })
  await until('both', () => heard.length === 2)

  expect(heard).toEqual(['one', 'two'])
  expect(told.errors).toMatchObject([{ code: 'unreachable', status: 503 }])
})

test('[UP2] an expired token is replaced, for the post and then for the stream', async () => {
  const { join, tokens } = await givenRoom()
  const { client, heard, told } = await join()
  tokens.valid = 'second'
  client.send('say', { text: 'one' })
  await until('it', () => heard.length === 1)

  expect(told.errors).toMatchObject([{ code: 'unauthorized', status: 401 }])
})

const refused: readonly (readonly [string, number, RequestInit])[] = [
  ['no key', 400, { method: 'POST', body: '{"type":"say"}' }],
  ['another method', 400, { method: 'PUT', body: '{"type":"say"}', headers: { 'idempotency-key': 'a' } }],
  ['what is no JSON', 400, { method: 'POST', body: '{', headers: { 'idempotency-key': 'a' } }],
  ['what is no message', 400, { method: 'POST', body: 'null', headers: { 'idempotency-key': 'a' } }],
  ['too much', 413, { method: 'POST', body: 'x'.repeat(65_537), headers: { 'idempotency-key': 'a' } }],
]

test.each(refused)('a post with %s is refused with %i, and kept nowhere', async (_, status, init) => {
  const { origin, store } = await givenRoom()
  const headers = { ...init.headers, authorization: 'Bearer first' }
  const response = await fetch(`${origin}/messages`, { ...init, headers })

  expect(response.status).toBe(status)
  expect(store.kept.size).toBe(0)
})

/** A server with the recipe, for a room that everybody may join whose token is valid. */
async function givenRoom() {
  const tokens = { valid: 'first' }
  const store = { kept: new Map<string, Posted>(), fails: 0 }
  const listeners = new Set<ServerResponse>()
  const posts: IncomingMessage[] = []
  /** The numbers of the posts, from 1, whose connection is cut before they are taken, or before they are answered. */
  const cut = { before: new Set<number>(), after: new Set<number>() }

  const accept = acceptPosts(
    async (key, posted) => {
      if (store.fails > 0) {
        store.fails -= 1
        // Of its kind, as what JSON.parse throws of a body.
        throw new SyntaxError('What is stored cannot be read.')
      }
      if (cut.after.has(posts.length)) posts.at(-1)?.socket.destroy()
      const isNew = !store.kept.has(key)
      store.kept.set(key, posted)
      return isNew
    },
    ({ data }) => {
      for (const listener of listeners) listener.write(`event: said\ndata: ${JSON.stringify(data)}\n\n`)
    },
  )

  const { origin } = await startLiveServer(
    () => {},
    (request, response) => {
      if (request.headers.authorization !== `Bearer ${tokens.valid}`) return void response.writeHead(401).end()
      if (request.url === '/messages') {
        if (cut.before.has(posts.push(request))) return void request.socket.destroy()
        return void accept(request, response, 'ana')
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      listeners.add(response)
      response.once('close', () => listeners.delete(response))
    },
  )

  async function join() {
    const client = joinRoom(origin, async ({ refresh }) => (refresh ? tokens.valid : 'first'))
    const heard: string[] = []
    client.on('said', ({ text }) => heard.push(text))
    onTestFinished(() => client.close())
    const told = listenTo(client)
    client.connect()
    await client.opened()
    return { client, heard, told }
  }
  return { origin, join, store, posts, tokens, cut }
}

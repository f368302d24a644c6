/** What every server of docs/servers has to do, as clients see it. */
import { expect } from 'vitest'
import { type FetchStreamOptions, fetchStream, webSocket } from '../../../src/index.ts'
import { until } from '../../contract/until.ts'
import { holdClient } from '../../servers/held-client.ts'

const patience = 60_000

/** Ticks come one by one while the answer goes on, and a client that was away gets what it missed, once and in order. */
export async function expectFeed(url: string, options?: FetchStreamOptions): Promise<void> {
  const [away, there] = [collectTicks(url, options), collectTicks(url, options)]
  await until('five ticks', () => away.ids.length >= 5 && there.ids.length >= 5, patience)
  away.client.close()
  const had = away.ids.length
  const last = away.ids.at(-1) ?? 0
  await until('three ticks that one of them misses', () => (there.ids.at(-1) ?? 0) >= last + 3, patience)
  away.client.connect()
  await until('five more', () => away.ids.length >= had + 5, patience)

  const [first = 0] = away.ids
  expect(away.ids).toEqual(away.ids.map((_, index) => first + index))
}

function collectTicks(url: string, options?: FetchStreamOptions) {
  const { client } = holdClient(fetchStream(url, options) as never)
  const ids: number[] = []
  client.on('tick', (data, { id }) => {
    expect(data).toEqual({ at: expect.any(Number) })
    ids.push(Number(id))
  })
  client.connect()
  return { client, ids }
}

/** The server greets, answers a probe, and says to all what one has said. */
export async function expectLive(url: string): Promise<void> {
  const pongs: unknown[] = []
  const heard: unknown[] = []
  const hold = () =>
    holdClient(webSocket(url), {
      handshake: async ({ send, next }) => {
        await next('welcome')
        send('ping')
        pongs.push(await next('pong'))
      },
    })
  const clients = [hold(), hold()]
  for (const { client, reached } of clients) {
    client.on('chat', (data) => heard.push(data))
    client.connect()
    await until('open', () => client.state.status === 'open', patience)
    await reached('open')
  }
  clients[0]?.client.send('chat', { text: 'grüß' })
  await until('what was said', () => heard.length === 2, patience)

  expect(heard).toEqual([{ text: 'grüß' }, { text: 'grüß' }])
  expect(pongs).toHaveLength(2)
}

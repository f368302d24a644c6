import { expect, test } from 'vitest'
import { createClient } from '../../src/client.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { givenOpen, say } from '../circumstances.ts'
import { until } from '../contract/until.ts'
import { settled, take } from './reading.ts'

/** One chunk holds more small events than `limit`; a consumer that waits in `next()` cannot run in between. */
function burst(size: number) {
  const text = Array.from({ length: size }, (_, n) => `id: ${n}\ndata: ${n}\n\n`).join('')
  const fetch = async () => {
    const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode(text)) })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
  return createClient(fetchStream('https://example.org/', { fetch: fetch as never }))
}

test('[RT6] a consumer that is not busy does not run into the bound, with all the defaults', async () => {
  const client = burst(3000)
  const got: unknown[] = []
  const loop = (async () => {
    for await (const data of client.events('message')) if (got.push(data) === 3000) break
  })()
  client.connect()
  const error = await loop.catch((cause) => cause.code)
  client.close()

  // The rest cannot be asked for again: lastEventId is at the end of the chunk.
  expect({ error, got: got.length, lastEventId: client.lastEventId }).toEqual({
    error: undefined,
    got: 3000,
    lastEventId: '2999',
  })
})

test('[RT6] a consumer that is not busy loses no messages by a policy for those that are', async () => {
  const client = burst(300)
  const got: unknown[] = []
  void (async () => {
    for await (const data of client.events('message', { limit: 100, whenFull: 'drop-oldest' })) got.push(data)
  })()
  client.connect()
  await until('all of them', () => got.length >= 300)
  client.close()

  expect(got.length).toBe(300)
})

test.each([
  ['drop-newest', [2, 3, 'done']],
  ['drop-oldest', [8, 9, 'done']],
  ['throw', [2, 3, { thrown: expect.objectContaining({ code: 'queue-full' }) }]],
] as const)(
  '[RT6] of a burst, %s keeps no more than the limit for a consumer that does not come back',
  async (whenFull, rest) => {
    const { client, link } = givenOpen()
    const iterator = client.events('a', { limit: 2, whenFull })
    const first = iterator.next()
    for (let n = 1; n < 10; n += 1) say(link(), 'a', n)
    await settled()
    client.close()

    expect(await first).toMatchObject({ value: 1 })
    expect(await take(iterator, 3)).toEqual(rest)
  },
)

test.each(['throw', 'drop-newest', 'drop-oldest'] as const)(
  '[RT6] a burst with the end of the client right behind it is handed over whole, with %s',
  async (whenFull) => {
    const { client, link } = givenOpen()
    const iterator = client.events('a', { limit: 2, whenFull })
    const first = iterator.next()
    for (let n = 1; n < 6; n += 1) say(link(), 'a', n)
    link().end({ code: 'refused' })
    await settled()

    expect(client.state.status).toBe('closed')
    expect(await first).toMatchObject({ value: 1 })
    expect(await take(iterator, 5)).toEqual([2, 3, 4, 5, { thrown: expect.objectContaining({ code: 'refused' }) }])
  },
)

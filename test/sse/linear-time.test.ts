import { describe, expect, test } from 'vitest'
import { createClient, fetchStream, text } from '../../src/index.ts'
import { readEvents } from '../../src/sse/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { growth, linear } from './growth.ts'
import { answerWith, bytesOf, cutEvery, streamOf, ways } from './ways-to-read.ts'

const timeout = 60_000

/** Counts events and their characters without keeping any. */
type Count = (chunks: Iterable<Uint8Array>) => Promise<{ readonly events: number; readonly characters: number }>

const throughReadEvents: Count = async (chunks) => {
  let events = 0
  let characters = 0
  for await (const { data } of readEvents(streamOf(chunks))) {
    events += 1
    characters += data.length
  }
  return { events, characters }
}

const throughClient: Count = async (chunks) => {
  let events = 0
  let characters = 0
  const fetch = async () => answerWith(streamOf(chunks))
  const client = createClient(fetchStream('http://stream.test/', { fetch }), {
    codec: text(),
    environment: fakeEnvironment(),
  })
  client.on('message', (data: string) => {
    events += 1
    characters += data.length
  })
  await new Promise((resolve) => {
    client.onError(resolve)
    client.connect()
  })
  client.close()
  return { events, characters }
}

const counting: readonly (readonly [name: string, count: Count])[] = [
  ['readEvents', throughReadEvents],
  ['a client over fetchStream', throughClient],
]

/** The same chunk as often as is needed: one of 1 kB, in the middle of which events begin and end. */
function* kilobytes(count: number) {
  const block = bytesOf(`id: 12\ndata: ${'x'.repeat(236)}\n\n`)
  const chunk = Uint8Array.from({ length: 1024 }, (_, index) => block[index % block.length] as number)
  for (let made = 0; made < count; made += 1) yield chunk
}

describe.each(counting)('%s', (_name, count) => {
  test('[SS3] 8 MB in chunks of 1 kB takes as long as 16 times a sixteenth', { timeout }, async () => {
    expect((await count(kilobytes(8192))).events).toBeGreaterThan(30_000)
    expect(await growth((n) => count(kilobytes(n)), 8192)).toBeLessThan(linear)
  })

  test('[SS3] one event spread over 100,000 chunks takes linear time', { timeout }, async () => {
    function* spread(pieces: number) {
      yield bytesOf('data: ')
      const piece = bytesOf('0123456789')
      for (let given = 0; given < pieces; given += 1) yield piece
      yield bytesOf('\n\n')
    }
    expect(await count(spread(100_000))).toEqual({ events: 1, characters: 1_000_000 })
    expect(await growth((n) => count(spread(n)), 100_000)).toBeLessThan(linear)
  })

  test('[SS3] one event of 100,000 lines in as many chunks takes linear time', { timeout }, async () => {
    function* lines(pieces: number) {
      const piece = bytesOf('data: 0123456789\n')
      for (let given = 0; given < pieces; given += 1) yield piece
      yield bytesOf('\n')
    }
    expect(await count(lines(100_000))).toEqual({ events: 1, characters: 1_099_999 })
    expect(await growth((n) => count(lines(n)), 100_000)).toBeLessThan(linear)
  })

  test('[SS3] one chunk of 200,000 events takes linear time', { timeout }, async () => {
    const chunk = (events: number) => [bytesOf('data: 0123456789\n\n'.repeat(events))]

    expect(await count(chunk(200_000))).toEqual({ events: 200_000, characters: 2_000_000 })
    expect(await growth((n) => count(chunk(n)), 200_000)).toBeLessThan(linear)
  })
})

test.each(ways)('[SS3] %s: lines that end in CR, in one chunk, take linear time', { timeout }, async (_name, read) => {
  const chunk = (events: number) => [bytesOf('data: 0123456789\r\r'.repeat(events))]

  expect(await growth((n) => read(chunk(n)), 50_000)).toBeLessThan(linear)
})

test.each(ways)('[SS3] %s: a line of junk that does not end takes linear time', { timeout }, async (_name, read) => {
  const junk = (size: number) => cutEvery(bytesOf(`${'j'.repeat(size)}\ndata: a\n\n`), 16)

  expect(await growth((n) => read(junk(n)), 800_000)).toBeLessThan(linear)
})

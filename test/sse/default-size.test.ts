/** The default of `maxMessageSize`, which is the same wherever there is one. */
import { describe, expect, test } from 'vitest'
import { text } from '../../src/index.ts'
import { EventStreamDecoder, readEvents } from '../../src/sse/index.ts'
import { givenOpen } from '../circumstances.ts'

const most = 16_777_216

describe('without a `maxMessageSize`', () => {
  test('[FS9] a client takes messages of 16 MB, and none above', () => {
    const { client, link } = givenOpen({ codec: text() })
    const sizes: number[] = []
    client.on('message', (data: string) => sizes.push(data.length))

    link().receive('a'.repeat(most))
    expect([client.state.status, sizes]).toEqual(['open', [most]])
    link().receive('a'.repeat(most + 1))

    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'too-large' } })
  })

  test.for([
    ['readEvents', (source: ReadableStream<Uint8Array>) => readEvents(source)],
    ['EventStreamDecoder', (source: ReadableStream<Uint8Array>) => source.pipeThrough(new EventStreamDecoder())],
  ] as const)('[FS9] %s takes events of 16 MB, and none above', async ([, read]) => {
    const sizes: number[] = []
    const reading = async () => {
      for await (const { data } of read(streamOf(most, most + 1))) sizes.push(data.length)
    }

    await expect(reading()).rejects.toMatchObject({ code: 'too-large' })
    expect(sizes).toEqual([most])
  })
})

/** One event a chunk, of so many characters. */
function streamOf(...sizes: readonly number[]): ReadableStream<Uint8Array> {
  const chunks = sizes.map((size) => new TextEncoder().encode(`data:${'a'.repeat(size)}\n\n`))
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift()
      if (chunk) controller.enqueue(chunk)
      else controller.close()
    },
  })
}

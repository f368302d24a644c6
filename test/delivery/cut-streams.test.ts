import { expect, test } from 'vitest'
import { seeded } from '../circumstances.ts'
import { givenAsked } from '../transports/streaming.ts'

const count = 3000
const cuts = 100
const encoder = new TextEncoder()

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  '[RS4][FS7] a numbered stream that is cut 100 times at random bytes arrives complete, in order, once: seed %i',
  async (seed) => {
    const random = seeded(seed * 7919)
    const { client, environment, requests, request, answer, send, fail } = await givenAsked()
    const heard: string[] = []
    client.on('message', (data, { id }) => heard.push(`${id} ${data}`))

    const asked: string[] = []
    for (let cut = 0; cut <= cuts; cut += 1) {
      const since = request().headers.get('last-event-id') ?? '0'
      asked.push(since)
      await answer()
      const bytes = encoder.encode(streamFrom(Number(since) + 1))
      // No cut lets more through than leaves something for those to come.
      const end = cut < cuts ? Math.floor((random() * 2 * bytes.length) / (cuts - cut + 2)) : bytes.length
      for (let at = 0; at < end; ) {
        const next = Math.min(end, at + 1 + Math.floor(random() * 400))
        await send(bytes.slice(at, next))
        at = next
      }
      if (cut === cuts) break
      await fail()
      const before = requests.length
      while (requests.length === before) await environment.advance(1000)
    }

    expect(asked).toHaveLength(cuts + 1)
    // Most cuts are in the middle of something, and come after something.
    expect(new Set(asked).size).toBeGreaterThan(cuts / 2)
    expect(heard).toEqual(Array.from({ length: count }, (_, index) => `${index + 1} ${textOf(index + 1)}`))
  },
)

function streamFrom(first: number): string {
  const blocks = Array.from({ length: count - first + 1 }, (_, index) => {
    const n = first + index
    return `id: ${n}\ndata: ${textOf(n)}\n\n`
  })
  return blocks.join('')
}

function textOf(n: number): string {
  return `${n}${'€🌊'.repeat(n % 5)}`
}

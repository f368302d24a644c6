import { EventStreamDecoder } from '../../../dist/sse.js'
import type { Contender } from '../contender.ts'

export const contender: Contender = {
  name: 'holdfast EventStreamDecoder',
  async read(url, fetch, add) {
    const { body } = await fetch(url)
    if (!body) throw new Error('no body')
    for await (const { data } of body.pipeThrough(new EventStreamDecoder())) add(data.length)
  },
}

/** What users of the SDK have: it parses the JSON as well. */
import { Stream } from 'openai/core/streaming'
import type { Contender } from '../contender.ts'

export const contender: Contender = {
  name: 'openai, Stream',
  async read(url, fetch, add) {
    const stream = Stream.fromSSEResponse<{ size: number }>(await fetch(url), new AbortController())
    for await (const { size } of stream) add(size)
  },
}

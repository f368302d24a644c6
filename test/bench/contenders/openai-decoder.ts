/** The part of the SDK that only decodes: what it hands over is text, as with the others. */
import { _iterSSEMessages } from 'openai/core/streaming'
import type { Contender } from '../contender.ts'

export const contender: Contender = {
  name: 'openai, decoder',
  async read(url, fetch, add) {
    for await (const { data } of _iterSSEMessages(await fetch(url), new AbortController())) add(data.length)
  },
}

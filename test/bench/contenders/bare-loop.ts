/** What all others are measured by: as little as can be around the parser. */
import { createParser } from 'eventsource-parser'
import type { Contender } from '../contender.ts'

export const contender: Contender = {
  name: 'bare parser loop',
  async read(url, fetch, add) {
    const parser = createParser({ onEvent: (event) => add(event.data.length) })
    const decoder = new TextDecoder()
    const reader = (await fetch(url)).body?.getReader()
    if (!reader) throw new Error('no body')
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      parser.feed(decoder.decode(value, { stream: true }))
    }
  },
}

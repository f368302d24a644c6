/** The least that one can write with fetch: the browser has no parser for it, so this has the one that is in holdfast too. */
import { createParser } from 'eventsource-parser'
import type { Channel } from '../channel.ts'

export const channel: Channel = {
  name: 'raw fetch',
  async open(url, listener) {
    const abort = new AbortController()
    const reader = (await fetch(url, { signal: abort.signal })).body?.getReader()
    if (!reader) throw new Error('no body')
    const decoder = new TextDecoder()
    const parser = createParser({
      onEvent({ event, data }) {
        if (event === 'tick') listener(JSON.parse(data))
      },
    })
    const read = async () => {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        parser.feed(decoder.decode(value, { stream: true }))
      }
    }
    read().catch(() => {})
    return { close: () => abort.abort() }
  },
}

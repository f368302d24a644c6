import { readEvents } from '../../../dist/sse.js'
import type { Contender } from '../contender.ts'

export const contender: Contender = {
  name: 'holdfast readEvents',
  async read(url, fetch, add) {
    for await (const { data } of readEvents(await fetch(url))) add(data.length)
  },
}

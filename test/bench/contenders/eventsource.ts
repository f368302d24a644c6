import { EventSource } from 'eventsource'
import type { Contender } from '../contender.ts'

export const contender: Contender = {
  name: 'eventsource',
  read: (url, fetch, add) =>
    new Promise((resolve, reject) => {
      const source = new EventSource(url, { fetch: (input, init) => fetch(input, init as RequestInit) })
      source.addEventListener('message', ({ data }) => {
        if (!add(data.length)) return
        source.close()
        resolve()
      })
      source.addEventListener('error', reject)
    }),
}

import { fetchEventSource } from '@microsoft/fetch-event-source'
import type { Contender } from '../contender.ts'

export const contender: Contender = {
  name: 'fetch-event-source',
  read: (url, fetch, add) =>
    fetchEventSource(url, {
      fetch,
      openWhenHidden: true,
      onmessage: ({ data }) => void add(data.length),
      onerror(error) {
        throw error
      },
    }),
}

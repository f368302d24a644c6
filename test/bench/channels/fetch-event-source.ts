import { fetchEventSource } from '@microsoft/fetch-event-source'
import type { Channel } from '../channel.ts'

export const channel: Channel = {
  name: 'fetch-event-source',
  open: (url, listener) =>
    new Promise((resolve, reject) => {
      const abort = new AbortController()
      fetchEventSource(url, {
        signal: abort.signal,
        openWhenHidden: true,
        async onopen() {
          resolve({ close: () => abort.abort() })
        },
        onmessage({ event, data }) {
          if (event === 'tick') listener(JSON.parse(data))
        },
        onerror(error) {
          reject(error)
          throw error
        },
      }).catch(reject)
    }),
}

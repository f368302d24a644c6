import type { Channel } from '../channel.ts'

export const channel: Channel = {
  name: 'raw EventSource',
  open: (url, listener) =>
    new Promise((resolve, reject) => {
      const source = new EventSource(url)
      source.addEventListener('tick', ({ data }) => listener(JSON.parse(data)))
      source.onopen = () => resolve({ close: () => source.close() })
      source.onerror = () => reject(new Error('the stream broke off'))
    }),
}

/** The browser's own, which takes no fetch. */
import type { Contender } from '../contender.ts'

export const contender: Contender = {
  name: 'native EventSource',
  read: (url, _fetch, add) =>
    new Promise((resolve, reject) => {
      const source = new EventSource(url)
      source.onmessage = ({ data }) => {
        if (!add(data.length)) return
        source.close()
        resolve()
      }
      source.onerror = () => reject(new Error('the stream broke off'))
    }),
}

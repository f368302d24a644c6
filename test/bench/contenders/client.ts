import { createClient, fetchStream, text } from '../../../dist/index.js'
import type { Contender } from '../contender.ts'

export const contender: Contender = {
  name: 'holdfast client',
  read: (url, fetch, add) =>
    new Promise((resolve, reject) => {
      const client = createClient<{ message: string }>(fetchStream(url, { fetch }), { codec: text() })
      client.on('message', (data) => {
        if (!add(data.length)) return
        client.close()
        resolve()
      })
      client.onError(reject)
      client.connect()
    }),
}

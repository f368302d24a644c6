import { createClient, fetchStream } from '../../../dist/index.js'
import type { Channel, Tick } from '../channel.ts'

export const channel: Channel = {
  name: 'holdfast',
  async open(url, listener) {
    const client = createClient<{ tick: Tick }>(fetchStream(url))
    client.on('tick', listener)
    client.connect()
    await client.opened()
    return { close: () => client.close() }
  },
}

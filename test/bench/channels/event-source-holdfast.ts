import { createClient, eventSource } from '../../../dist/index.js'
import type { Channel, Tick } from '../channel.ts'

export const channel: Channel = {
  name: 'holdfast',
  async open(url, listener) {
    const client = createClient<{ tick: Tick }>(eventSource(url))
    client.on('tick', listener)
    client.connect()
    await client.opened()
    return { close: () => client.close() }
  },
}

import { createClient, webSocket } from '../../../dist/index.js'
import type { Channel, Tick } from '../channel.ts'

export const channel: Channel = {
  name: 'holdfast',
  async open(url, listener) {
    const client = createClient<{ tick: Tick }, { tick: Tick }>(webSocket(url))
    client.on('tick', listener)
    client.connect()
    await client.opened()
    return {
      send: (data) => client.send('tick', data),
      close: () => client.close(),
    }
  },
}

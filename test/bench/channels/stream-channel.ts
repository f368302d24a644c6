/** A channel over a client that only receives. */
import { createClient, type Transport } from '../../../dist/index.js'
import type { Channel, Tick } from '../channel.ts'

export function streamChannel(transport: (url: string) => Transport): Channel {
  return {
    name: 'holdfast',
    async open(url, listener) {
      const client = createClient<{ tick: Tick }>(transport(url))
      client.on('tick', listener)
      client.connect()
      await client.opened()
      return { close: () => client.close() }
    },
  }
}

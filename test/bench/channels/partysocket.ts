import { WebSocket as ReconnectingWebSocket } from 'partysocket'
import type { Channel, Envelope } from '../channel.ts'

export const channel: Channel = {
  name: 'partysocket',
  open: (url, listener) =>
    new Promise((resolve, reject) => {
      const socket = new ReconnectingWebSocket(url)
      socket.addEventListener('message', ({ data }) => {
        const message: Envelope = JSON.parse(data)
        listener(message.data)
      })
      socket.addEventListener('open', () =>
        resolve({
          send: (data) => socket.send(JSON.stringify({ type: 'tick', data })),
          close: () => socket.close(),
        }),
      )
      socket.addEventListener('error', () => reject(new Error('the socket broke off')))
    }),
}

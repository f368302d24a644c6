/** The least that one can write: one handler, one parse, one listener. */
import type { Channel, Envelope } from '../channel.ts'

export const channel: Channel = {
  name: 'raw WebSocket',
  open: (url, listener) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url)
      socket.onmessage = ({ data }) => {
        const message: Envelope = JSON.parse(data)
        listener(message.data)
      }
      socket.onopen = () =>
        resolve({
          send: (data) => socket.send(JSON.stringify({ type: 'tick', data })),
          close: () => socket.close(),
        })
      socket.onerror = () => reject(new Error('the socket broke off'))
    }),
}

/** A channel over one of the sockets that reconnect by themselves, which have the browser's interface. */
import type { Channel, Envelope } from '../channel.ts'

export function reconnectingChannel(
  name: string,
  Socket: new (url: string) => Pick<WebSocket, 'addEventListener' | 'send' | 'close'>,
): Channel {
  return {
    name,
    open: (url, listener) =>
      new Promise((resolve, reject) => {
        const socket = new Socket(url)
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
}

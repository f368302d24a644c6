/** How every WebSocket of the demo ends: by itself, or with the switch. */
import type { WebSocket } from 'ws'
import type { SocketsSwitch } from './sockets-switch.ts'

/** https://www.iana.org/assignments/websocket/websocket.xhtml */
const serviceRestart = 1012

/** Registers the socket with the switch while it lasts. `ended` is called once, whether the switch has ended it or something else. */
export function registerSocket(webSocket: WebSocket, sockets: SocketsSwitch, ended: () => void): void {
  const remove = sockets.add('webSocket', () => {
    ended()
    webSocket.close(serviceRestart, 'service restart')
  })

  webSocket.on('close', () => {
    if (remove()) ended()
  })
}

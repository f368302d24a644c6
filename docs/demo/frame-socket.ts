/**
 * Carries frames between a WebSocket and a guest, for example of a room: reads and checks what comes in, ends with the switch, and
 * cuts off a client that reads too slowly. A frame that is not understood is ignored: a demo must survive everything that reaches
 * it.
 */
import type { RawData, WebSocket } from 'ws'
import { registerSocket } from './register-socket.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

/** Bytes that may wait for a client that reads too slowly, before it is cut off. */
const mostUnsent = 1_048_576

export type Send = (type: string, data: unknown, id?: string) => void

export interface Line {
  /** Without effect once the socket is closing. */
  readonly send: Send
  /** Bytes that wait to go out. */
  readonly unsent: number
}

export interface Guest<Frame> {
  /** Not called after `leave`. */
  receive(frame: Frame): void
  /** Called once, when the socket has ended, by either side or by the switch. */
  leave(): void
}

/** `enter` returns `undefined` where there is no room left; the socket is then closed with 1013, "try again later". */
export function serveFrames<Frame>(
  webSocket: WebSocket,
  sockets: SocketsSwitch,
  readFrame: (raw: string) => Frame | undefined,
  enter: (line: Line) => Guest<Frame> | undefined,
): void {
  const guest = enter({
    send(type, data, id) {
      if (webSocket.readyState !== webSocket.OPEN) return
      webSocket.send(JSON.stringify({ type, data, id }))
      if (webSocket.bufferedAmount > mostUnsent) webSocket.terminate()
    },
    get unsent() {
      return webSocket.bufferedAmount
    },
  })
  if (!guest) return webSocket.close(1013, 'full')

  const receive = (data: RawData, isBinary: boolean) => {
    const frame = isBinary ? undefined : readFrame(data.toString())
    if (frame !== undefined) guest.receive(frame)
  }

  webSocket.on('message', receive)
  registerSocket(webSocket, sockets, () => {
    webSocket.off('message', receive)
    guest.leave()
  })
}

/**
 * Carries frames between a WebSocket and what it leads to, a room for example: reads and checks what comes in, ends with the
 * switch, and gives up a reader that does not read. A frame that is not understood is ignored.
 */
import type { RawData, WebSocket } from 'ws'
import { registerSocket } from './register-socket.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

/** Bytes that may wait for a reader that does not read, before it is given up. */
const mostUnsent = 1_048_576

export interface Line {
  send(type: string, data: unknown): void
  /** Bytes that wait to go out. */
  readonly unsent: number
}

export interface Guest<Frame> {
  receive(frame: Frame): void
  /** Idempotent. */
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
    send(type, data) {
      webSocket.send(JSON.stringify({ type, data }))
      if (webSocket.bufferedAmount > mostUnsent) webSocket.terminate()
    },
    get unsent() {
      return webSocket.bufferedAmount
    },
  })
  if (!guest) return webSocket.close(1013, 'full')

  registerSocket(webSocket, sockets, guest.leave)

  webSocket.on('message', (data: RawData, isBinary: boolean) => {
    const frame = isBinary ? undefined : readFrame(data.toString())
    if (frame !== undefined) guest.receive(frame)
  })
}

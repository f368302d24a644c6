/**
 * A WebSocket with frames as holdfast's `json()` has them: reads them, answers pings, and gives up a reader that does not read. What the
 * frames mean is not its business. What is no such frame is ignored: a demo must survive everything that reaches it.
 */
import type { WebSocket } from 'ws'
import { registerSocket } from './register-socket.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

/** Bytes that may wait for a reader that does not read, before it is given up. */
const mostUnsent = 1_048_576

export type Send = (type: string, data: unknown, id?: string) => void

export interface JsonPeer {
  /** `data` is whatever came, and has to be checked. */
  receive(type: string, data: unknown): void
  /** Called once, when the socket is over, whoever has ended it. */
  leave(): void
}

/** `meet` gets what sends to this socket, and returns who hears of what comes in. */
export function openJsonSocket(webSocket: WebSocket, sockets: SocketsSwitch, meet: (send: Send) => JsonPeer): void {
  function send(type: string, data: unknown, id?: string): void {
    if (webSocket.readyState !== webSocket.OPEN) return
    webSocket.send(JSON.stringify({ type, data, id }))
    if (webSocket.bufferedAmount > mostUnsent) webSocket.terminate()
  }

  const peer = meet(send)
  let hasLeft = false
  registerSocket(webSocket, sockets, () => {
    hasLeft = true
    peer.leave()
  })

  webSocket.on('message', (raw, isBinary) => {
    const frame = isBinary || hasLeft ? undefined : readFrame(raw.toString())
    if (frame?.type === 'ping') send('pong', frame.data)
    else if (frame) peer.receive(frame.type, frame.data)
  })
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readFrame(raw: string): { readonly type: string; readonly data: unknown } | undefined {
  try {
    const { type, data } = Object(JSON.parse(raw))
    return typeof type === 'string' ? { type, data } : undefined
  } catch {
    return undefined
  }
}

/**
 * What the comparison measures, `/compare?count=1000`: `count` numbered messages, as fast as the reader takes them, the same over
 * a WebSocket and as an event stream.
 */
import type { RequestHandler } from 'express'
import type { WebSocket } from 'ws'
import { startEventStream, writeEvent } from './event-stream.ts'
import { registerSocket } from './register-socket.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

export const counts = [100, 1000, 10_000] as const
/** The most messages that are sent before the event loop has its turn. */
const portion = 100
/** Bytes that may wait for the reader. */
const mostUnsent = 262_144
/** Milliseconds after which the server ends the connection, if the reader has not done so. */
const longestStay = 30_000
const filler = 'The ferry is in, and the kettle is on.'

export function numberedSocket(webSocket: WebSocket, count: string | null, sockets: SocketsSwitch): void {
  const all = readCount(count)
  if (all === undefined) return webSocket.close(1008, 'count')

  const stop = sendAll(
    all,
    () => webSocket.bufferedAmount > mostUnsent,
    (message) => webSocket.send(JSON.stringify({ type: 'item', data: message })),
    () => webSocket.close(1000, 'done'),
  )
  registerSocket(webSocket, sockets, stop)
}

export function numberedStream(sockets: SocketsSwitch): RequestHandler {
  return (request, response) => {
    const all = readCount(request.query.count)
    if (all === undefined)
      return void response
        .status(400)
        .type('text')
        .send(`"count" is one of ${counts.join(', ')}.\n`)

    startEventStream(request, response, sockets)
    if (request.method === 'HEAD') return void response.end()

    const stop = sendAll(
      all,
      () => response.writableLength > mostUnsent,
      (message) => writeEvent(response, 'item', message),
      () => response.end(),
    )
    response.on('close', stop)
  }
}

/**
 * Sends the messages in portions, and waits while the reader is behind. Calls `leave` if the reader stays too long. Returns a function
 * that stops it.
 */
function sendAll(count: number, isFull: () => boolean, send: (message: object) => void, leave: () => void): () => void {
  let number = 0
  let timer: NodeJS.Timeout | undefined
  let next: NodeJS.Immediate | undefined
  const patience = setTimeout(leave, longestStay)

  function more(): void {
    for (let sent = 0; sent < portion && number < count && !isFull(); sent += 1) {
      number += 1
      send({ number, text: filler })
    }
    if (number >= count) return
    if (isFull()) timer = setTimeout(more, 1)
    else next = setImmediate(more)
  }

  more()
  return () => {
    clearTimeout(patience)
    clearTimeout(timer)
    clearImmediate(next)
  }
}

function readCount(value: unknown): number | undefined {
  return counts.find((count) => String(count) === value)
}

/** The feed as an event stream, `/feed`: the id to go on from is in the header, or in the query. */
import type { RequestHandler } from 'express'
import { sendTicks } from './feed-ticks.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

export function feedStream(sockets: SocketsSwitch, interval: number): RequestHandler {
  return (request, response) => {
    // Not `set`, which adds a charset: an event stream is always UTF-8.
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    response.flushHeaders()
    if (request.method === 'HEAD') return void response.end()

    const remove = sockets.add('eventStream', () => request.socket.destroy())
    const reader = {
      isFull: () => response.writableNeedDrain,
      write(id: number, kind: string, data: object) {
        const name = kind === 'message' ? '' : `event: ${kind}\n`
        response.write(`id: ${id}\n${name}data: ${JSON.stringify(data)}\n\n`)
      },
    }
    // An EventSource that reconnects by itself has the older id in its URL, and the newer one in the header.
    const ticks = sendTicks(reader, request.get('last-event-id') ?? request.query.lastEventId, interval)
    response.on('drain', ticks.more)
    response.on('close', () => {
      remove()
      ticks.stop()
    })
  }
}

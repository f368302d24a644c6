/** The feed as an event stream, `/feed`: the id to resume after is in the header, or in the query. */
import type { RequestHandler } from 'express'
import { startEventStream } from './event-stream.ts'
import { sendTicks } from './feed-ticks.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

export function feedStream(sockets: SocketsSwitch, interval: number): RequestHandler {
  return (request, response) => {
    const reader = {
      isFull: () => response.writableNeedDrain,
      write(id: number, kind: string, data: object) {
        const name = kind === 'message' ? '' : `event: ${kind}\n`
        response.write(`id: ${id}\n${name}data: ${JSON.stringify(data)}\n\n`)
      },
    }
    startEventStream(request, response, sockets)
    if (request.method === 'HEAD') return void response.end()

    // An EventSource that reconnects by itself has the older id in its URL, and the newer one in the header.
    const ticks = sendTicks(reader, request.get('last-event-id') ?? request.query.lastEventId, interval)
    response.on('drain', ticks.more)
    response.on('close', ticks.stop)
  }
}

/** How every event stream of the demo begins and ends. */
import type { Request, Response } from 'express'
import type { SocketsSwitch } from './sockets-switch.ts'

/**
 * Writes the head of the response and a first comment, and registers the stream with the switch for as long as it lasts. `beat` is the
 * time between further comments, in milliseconds, by which the client knows that the server is there; without it none follow.
 */
export function startEventStream(request: Request, response: Response, sockets: SocketsSwitch, beat?: number): void {
  // Not `set`, which adds a charset: an event stream is always UTF-8.
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  })
  // A comment first: Firefox reports a response only once some of its body has come.
  response.write(':\n\n')

  const beatTimer = beat === undefined ? undefined : setInterval(() => response.write(':\n\n'), beat)
  const remove = sockets.add('eventStream', () => request.socket.destroy())
  response.on('close', () => {
    clearInterval(beatTimer)
    remove()
  })
}

export function writeEvent(response: Response, event: string, data: unknown, id?: string): void {
  const idLine = id === undefined ? '' : `id: ${id}\n`
  response.write(`${idLine}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

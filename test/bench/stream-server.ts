/** A server of this machine, over HTTP/1.1: an empty page, and under `/0`, `/1`, … the streams that it was given. */
import { createServer, type ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { type Listening, listen } from './listen.ts'

export async function startStreamServer(streams: readonly (readonly Uint8Array[])[]): Promise<Listening> {
  const server = createServer(({ url = '/' }, response) => {
    const chunks = streams[Number(url.slice(1) || -1)]
    if (chunks) send(chunks, response)
    else response.setHeader('content-type', 'text/html').end('<!doctype html><title>benchmark</title>')
  })
  return listen(server)
}

function send(chunks: readonly Uint8Array[], response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    // Chromium may keep the connection of a cancelled EventSource for seconds, and has six.
    connection: 'close',
  })
  response.socket?.setNoDelay()
  // A client that has all it waits for may be gone before the end.
  pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 1 }), response, () => {})
}

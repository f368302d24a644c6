/** A server of this machine, over HTTP/1.1: an empty page, and under `/0`, `/1`, … the streams that it was given. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'

export interface StreamServer {
  readonly url: string
  close(): Promise<void>
}

export async function startStreamServer(streams: readonly (readonly Uint8Array[])[]): Promise<StreamServer> {
  const server = createServer(({ url = '/' }, response) => {
    const chunks = streams[Number(url.slice(1) || -1)]
    if (chunks) send(chunks, response)
    else response.setHeader('content-type', 'text/html').end('<!doctype html><title>benchmark</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
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

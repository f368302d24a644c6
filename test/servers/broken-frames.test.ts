/** The recipes that are handed a socket: `ws` tells of a frame that breaks the protocol by an event that ends a process where nobody listens. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { answerPings } from '../../docs/recipes/server/answer-pings.ts'
import { numberMessages } from '../../docs/recipes/server/number-messages.ts'
import { receiveUpload } from '../../docs/recipes/server/receive-upload.ts'
import { takeOnce } from '../../docs/recipes/server/take-once.ts'

const store = { sizeOf: async () => 0, write: async () => {} }
const recipes: readonly (readonly [name: string, serve: (socket: WebSocket) => void])[] = [
  ['answer-pings', (socket) => answerPings(socket)],
  ['number-messages', (socket) => numberMessages().serve(socket, {} as never)],
  ['receive-upload', (socket) => receiveUpload(socket, store)],
  ['take-once', takeOnce(() => {})],
]

test.each(recipes)(
  'a frame that breaks the protocol ends its socket, and not the server of %s',
  async (_name, serve) => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    onTestFinished(() => server.close())
    await once(server, 'listening')
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const closed = once(client, 'close')
    const [socket] = (await once(server, 'connection')) as [WebSocket]
    serve(socket)

    expect(() => socket.emit('error', new RangeError('Invalid WebSocket frame'))).not.toThrow()
    expect((await closed)[0]).toBe(1006)
  },
)

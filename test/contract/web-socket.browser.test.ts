import { inject } from 'vitest'
import { webSocket } from '../../src/transports/web-socket.ts'
import { describeTransport } from './describe-transport.ts'
import { webSocketServers } from './server-peer.ts'
import { throwing } from './throwing.ts'

const circumstances = webSocketServers(inject('origins'), webSocket, (cause) =>
  webSocket('/', { WebSocket: throwing<typeof WebSocket>(cause) }),
)

describeTransport("webSocket over the browser's own", circumstances)

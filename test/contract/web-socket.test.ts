import { describeTransport } from './describe-transport.ts'
import { mockSockets } from './mock-sockets.ts'

describeTransport('webSocket over mock-socket', mockSockets())

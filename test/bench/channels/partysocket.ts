import { WebSocket as ReconnectingWebSocket } from 'partysocket'
import { reconnectingChannel } from './reconnecting-channel.ts'

export const channel = reconnectingChannel('partysocket', ReconnectingWebSocket as never)

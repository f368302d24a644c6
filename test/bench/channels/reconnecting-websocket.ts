import ReconnectingWebSocket from 'reconnecting-websocket'
import { reconnectingChannel } from './reconnecting-channel.ts'

export const channel = reconnectingChannel('reconnecting-websocket', ReconnectingWebSocket as never)

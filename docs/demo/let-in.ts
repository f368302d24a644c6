/** Leaves it to the switch when a request is served: at once, when the server is no longer frozen, or not at all. */
import type { RequestHandler } from 'express'
import type { SocketsSwitch } from './sockets-switch.ts'

export function letIn(sockets: SocketsSwitch): RequestHandler {
  return (request, response, next) => {
    response.on('close', sockets.admit(request.socket, next))
  }
}

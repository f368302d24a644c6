/**
 * Tells whether a request comes from one of the demo's own pages. WebSocket handshakes and form posts are not held
 * back by CORS, so without this check any page open in the same browser could talk to the demo in the visitor's name.
 */
import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'

/** True without an `Origin` header too: browsers always send one here, command-line tools do not. */
export function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers
  if (origin === undefined) return true

  // 'null' (a sandboxed frame, a file) is no URL, and so belongs to nobody.
  if (host === undefined || !URL.canParse(origin)) return false

  return new URL(origin).host === host.toLowerCase()
}

/** Answers 403 to requests from pages of other origins. */
export const sameOriginOnly: RequestHandler = (request, response, next) => {
  if (isSameOrigin(request)) return next()
  response.status(403).type('text').send('Only the pages of this demo may do that.\n')
}

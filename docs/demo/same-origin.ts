/**
 * Tells whether a request comes from one of the demo's own pages. WebSocket handshakes and form posts are not held
 * back by CORS, so without this check any page open in the same browser could talk to the demo in the visitor's name.
 */
import type { IncomingMessage } from 'node:http'

/** True without an `Origin` header too: browsers always send one here, command-line tools do not. */
export function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers
  if (origin === undefined) return true

  // 'null' (a sandboxed frame, a file) is no URL, and so belongs to nobody.
  if (host === undefined || !URL.canParse(origin)) return false

  return new URL(origin).host === host.toLowerCase()
}

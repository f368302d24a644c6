import { createClient, webSocket } from 'holdfast'
import { WebSocket as Socket } from 'ws'

/** A client in Node before version 22, which has no WebSocket of its own. */
export function clientInNode(url: string) {
  // The types of `ws` are not those of a browser.
  return createClient(webSocket(url, { WebSocket: Socket as unknown as typeof WebSocket }))
}

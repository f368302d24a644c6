import { createClient, webSocket } from 'holdfast'
import { WebSocket as Socket } from 'ws'

/** A client in a Node that has no WebSocket of its own: before version 22. */
export function clientInNode(url: string) {
  // The types of `ws` are not those of a browser.
  return createClient(webSocket(url, { WebSocket: Socket as unknown as typeof WebSocket }))
}

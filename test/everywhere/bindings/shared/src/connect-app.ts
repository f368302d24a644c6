import { chat } from './create-chat'

/** Called when the page has been taken over from the server. A page that shows a room with a client of its own may leave the app's idle. */
export function connectApp(): void {
  if (location.hash !== '#idle') chat.client.connect()
}

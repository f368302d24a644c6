import { type Attempt, createClient, type Provider, webSocket } from 'holdfast'
import { signIn } from './sign-in.ts'

/** A client in one room, which signs in on every link and goes on where it was. `load` fetches what the page shows of it. */
export function enterRoom(
  url: Provider<string | URL>,
  room: string,
  getToken: (attempt: Attempt) => Promise<string>,
  load: () => void,
) {
  const handshake = signIn(getToken, new Set([room]))
  const client = createClient(webSocket(url), { dedupe: 1000, handshake })
  client.on('reset', load)
  return client
}

import { type Attempt, createClient, type Provider, webSocket } from 'holdfast'
import { signIn } from './sign-in.ts'

/** A client in one room, which signs in and resumes on every link. `load` fetches the room's state, when the server says 'reset'. */
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

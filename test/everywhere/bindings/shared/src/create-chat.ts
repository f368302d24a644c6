import { createClient, webSocket } from 'holdfast'
import { fold, history, latest, stateStore } from 'holdfast/store'

export interface Said {
  id: number
  text: string
}

export function createChat(url: string) {
  const client = createClient<{ said: Said }, { say: string }>(webSocket(url))
  return {
    client,
    connection: stateStore(client),
    last: latest(client, 'said'),
    messages: history(client, 'said', { limit: 50 }),
    letters: fold(client, 'said', (sum, { text }) => sum + text.length, 0),
  }
}

export type Chat = ReturnType<typeof createChat>

/** The app's own, for every component that shows it. */
export const chat = createChat('/chat')

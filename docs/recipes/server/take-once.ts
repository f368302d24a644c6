import type { RawData, WebSocket } from 'ws'

interface Post {
  readonly sender: string
  readonly number: number
  /** The oldest message of this sender that it does not know to be taken. */
  readonly first: number
  readonly data: unknown
}

/** Takes what clients post: of each sender every message, once, in the order in which they were posted. */
export function takeOnce(handle: (data: unknown, sender: string) => void) {
  /** Sender → the number of its newest message that was taken. Store it in one transaction with what `handle` does. */
  const taken = new Map<string, number>()

  return function serve(socket: WebSocket, user = ''): void {
    socket.on('error', () => socket.terminate())
    socket.on('message', (frame) => {
      const post = postIn(frame)
      if (!post) return
      const { sender, number, first, data } = post
      // The user is part of the key, so that nobody can post in the name of another user's sender.
      const key = JSON.stringify([user, sender])
      const last = Math.max(taken.get(key) ?? 0, first - 1)
      const isNext = number === last + 1
      // A repeat is only acknowledged again. A message ahead of its turn is dropped: it comes again, behind those that are missing.
      if (isNext) handle(data, sender)
      if (isNext) taken.set(key, number)
      socket.send(JSON.stringify({ type: 'taken', data: { sender, upTo: isNext ? number : last } }))
    })
  }
}

function postIn(frame: RawData): Post | undefined {
  try {
    const { type, data } = JSON.parse(`${frame}`)
    const isSender = typeof data.sender === 'string' && data.sender.length < 65
    if (type === 'post' && isSender && data.number > 0 && data.first > 0) return data
  } catch {}
}

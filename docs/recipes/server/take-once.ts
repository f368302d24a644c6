import type { RawData, WebSocket } from 'ws'

interface Post {
  readonly sender: string
  readonly number: number
  /** The oldest that its sender does not know to be taken. */
  readonly first: number
  readonly data: unknown
}

/** Takes what clients post: all of it, in the order of its sender, each once. */
export function takeOnce(handle: (data: unknown, sender: string) => void) {
  /** Sender → its newest message that was taken. To be stored along with what `handle` makes of it. */
  const taken = new Map<string, number>()

  return function serve(socket: WebSocket, user = ''): void {
    socket.on('error', () => socket.terminate())
    socket.on('message', (frame) => {
      const post = postIn(frame)
      if (!post) return
      const { sender, number, first, data } = post
      // Nobody can speak for another user's sender.
      const key = JSON.stringify([user, sender])
      const last = Math.max(taken.get(key) ?? 0, first - 1)
      const isNext = number === last + 1
      // What was taken before is only acknowledged again; what has overtaken others comes once more, behind them.
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

import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'

/** Numbers what it publishes and keeps the newest `kept`: a client that comes back gets what it has missed, or 'reset' if that is gone. */
export function numberMessages(kept = 10_000) {
  // Part of every id: another process begins at 1 again, and its numbers must not be taken for these.
  const run = crypto.randomUUID().slice(0, 8)
  const frames = new Map<number, string>()
  const readers = new Set<() => void>()
  let newest = 0
  const frameOf = (type: string, data?: unknown) => JSON.stringify({ type, id: `${run}-${newest}`, data })

  function publish(type: string, data: unknown): void {
    newest += 1
    frames.set(newest, frameOf(type, data))
    frames.delete(newest - kept)
    for (const read of readers) read()
  }

  /** `since` is the id to go on after: by default the one in the URL. */
  function serve(socket: WebSocket, { url = '' }: IncomingMessage, since = /[?&]since=([\w-]+)/.exec(url)?.[1]): void {
    const [, givenRun, number] = /^(\w+)-(\d+)$/.exec(since ?? '') ?? []
    let last = givenRun === run ? Number(number) : -1
    // Sends no more than the socket takes. What slow readers have not had yet waits in `frames`, which all share.
    const read = () => {
      while (last !== newest && socket.readyState === socket.OPEN && socket.bufferedAmount < 65_536) {
        const frame = frames.get(last + 1)
        last = frame ? last + 1 : newest
        socket.send(frame ?? frameOf('reset'), read)
      }
    }
    socket.on('error', () => socket.terminate())
    socket.once('close', () => readers.delete(read))
    readers.add(read)
    read()
  }

  return { publish, serve }
}

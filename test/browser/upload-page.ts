/** What the page of the upload does: makes a file, sends it, and watches itself meanwhile. */
import { uploadFile } from '../../docs/recipes/upload-file.ts'
import { createClient, webSocket } from '../../src/index.ts'
import { contentOf } from './content-of.ts'

export interface Witness {
  /** Milliseconds from the first message to the server's last word. */
  readonly duration: number
  /** The longest time without an animation frame, and without a timer of 16 ms, in milliseconds. */
  readonly longestFrame: number
  readonly longestTimer: number
  /** How many frames there were. */
  readonly frames: number
  /** The most that `bufferedAmount` has said after a message was sent. */
  readonly mostBuffered: number
}

export async function uploadAndWatch(url: string, size: number): Promise<Witness> {
  const file = new Blob([...contentOf(size)])
  const client = createClient(webSocket(url))
  let mostBuffered = 0
  const watched: typeof client = Object.create(client, {
    send: {
      value: (...all: Parameters<typeof client.send>) => {
        const answer = client.send(...all)
        mostBuffered = Math.max(mostBuffered, client.bufferedAmount)
        return answer
      },
    },
  })
  client.connect()
  await client.opened()
  const frames = watchGaps((next) => void requestAnimationFrame(next))
  const timers = watchGaps((next) => void setTimeout(next, 16))
  await Promise.all([frames.begun, timers.begun])

  const start = performance.now()
  await uploadFile(watched, 'file', file)
  const duration = performance.now() - start
  client.close()
  return { duration, longestFrame: frames.end(), longestTimer: timers.end(), frames: frames.count(), mostBuffered }
}

/** Asks again and again until `end`, and measures the longest time between two answers. */
function watchGaps(ask: (next: () => void) => void) {
  let last = Number.NaN
  let longest = 0
  let count = 0
  let isOver = false
  const begun = new Promise<void>((resolve) => {
    const next = () => {
      if (isOver) return
      const now = performance.now()
      longest = Math.max(longest, now - last || 0)
      last = now
      count += 1
      resolve()
      ask(next)
    }
    ask(next)
  })
  return {
    begun,
    count: () => count,
    end(): number {
      isOver = true
      // The gap that is still going on counts, too.
      return Math.max(longest, performance.now() - last)
    },
  }
}

/** A server that writes events as fast as they are taken from it, and what can be seen of that at its end of the line. */
import type { ServerResponse } from 'node:http'
import { until } from '../contract/until.ts'
import { startLiveServer } from './live-server.ts'

/** The bytes of one event on the wire. */
export const eventBytes = 1024

const block = `data: ${'x'.repeat(eventBytes - 8)}\n\n`
/** It stands still when nothing has moved at so many looks in a row, at the pace of `until`. */
const stillLooks = 40

export interface PouringServer {
  readonly url: string
  /** Bytes that were written to the newest peer, those included that wait in this process. */
  written(): number
  /** Resolves when nothing more goes out, with the number of bytes until then. Rejects where it goes on and on. */
  standsStill(): Promise<number>
  /** Whether `write` has said false, and what it took waits in front of the socket. */
  isHeldBack(): boolean
  /** Resolves when the newest peer has gone. */
  gone(): Promise<void>
}

/** `page` is what every other path answers with. */
export async function startPouringServer(page = ''): Promise<PouringServer> {
  let response: ServerResponse | undefined
  let hasGone = false

  const { origin } = await startLiveServer(
    () => {},
    (request, answer) => {
      if (request.url !== '/pour') return answer.writeHead(200, { 'content-type': 'text/html' }).end(page)
      response = answer
      hasGone = false
      answer.once('close', () => {
        hasGone = true
      })
      answer.writeHead(200, { 'content-type': 'text/event-stream' })
      pour(answer)
    },
  )

  const written = () => response?.socket?.bytesWritten ?? 0

  return {
    url: `${origin}/pour`,
    written,
    async standsStill() {
      let last = -1
      let looks = 0
      const stands = () => {
        looks = written() === last ? looks + 1 : 0
        last = written()
        return last > 0 && looks >= stillLooks
      }
      await until('the server stands still', stands, 30_000)
      return last
    },
    isHeldBack: () => response?.writableNeedDrain === true && (response.socket?.writableLength ?? 0) > 0,
    gone: async () => void (await until('the peer has gone', () => hasGone, 15_000)),
  }
}

function pour(response: ServerResponse): void {
  if (response.destroyed) return
  // In turns with everything else that this process has to do.
  if (response.write(block)) setImmediate(pour, response)
  else response.once('drain', () => pour(response))
}

/** A fetch of event streams over a virtual clock, with the faults that `SimulatedWebSocket` has for sockets. */
import { latency } from './simulated-web-socket.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What comes of a request: a stream, a page of somebody else's, or nothing but a failure. */
export type StreamAnswer = 'stream' | 'page' | 'refuse'

export interface SimulatedStreams {
  readonly fetch: typeof fetch
  /** Cuts every stream, as when the server's process dies. */
  dropAll(): void
}

/** `accepted` gets each stream as the function that writes to it. */
export function createSimulatedStreams(
  clock: VirtualClock,
  answer: () => StreamAnswer,
  accepted: (write: (text: string) => void) => void,
): SimulatedStreams {
  const live = new Set<ReadableStreamDefaultController<Uint8Array>>()

  function respond(signal: AbortSignal): Response {
    if (answer() === 'page') return new Response('<h1>Sign in</h1>', { headers: { 'content-type': 'text/html' } })

    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        live.add(controller)
        signal.addEventListener('abort', () => live.delete(controller))
        accepted((text) =>
          clock.setTimer(() => {
            if (live.has(controller)) controller.enqueue(new TextEncoder().encode(text))
          }, latency),
        )
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }

  return {
    fetch: (_, init) =>
      new Promise((resolve, reject) => {
        const signal = init?.signal as AbortSignal
        clock.setTimer(() => {
          if (signal.aborted) reject(signal.reason)
          else if (answer() === 'refuse') reject(new TypeError('Failed to fetch'))
          else resolve(respond(signal))
        }, 2 * latency)
      }),
    dropAll() {
      for (const controller of live) controller.error(new TypeError('network error'))
      live.clear()
    },
  }
}

/**
 * Web Locks as https://w3c.github.io/web-locks/ has them, as far as tabs use them. Node's own go on listing a request that was
 * aborted, and may grant a lock that was stolen to a second one.
 */
import { type TestContext, vi } from 'vitest'

type Hold = (lock: unknown) => Promise<void>
interface Options {
  readonly signal?: AbortSignal
  readonly steal?: boolean
}
interface Request {
  readonly hold: Hold
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

export function useFakeLocks(test: TestContext): void {
  vi.stubGlobal('navigator', { locks: fakeLocks() })
  test.onTestFinished(() => {
    vi.unstubAllGlobals()
  })
}

function fakeLocks() {
  const queues = new Map<string, Request[]>()
  const holders = new Map<string, Request>()

  function grant(name: string, request: Request): void {
    holders.set(name, request)
    queueMicrotask(async () => {
      await request.hold({ name })
      request.resolve()
      if (holders.get(name) !== request) return
      holders.delete(name)
      const next = queues.get(name)?.shift()
      if (next) grant(name, next)
    })
  }

  return {
    request(name: string, { signal, steal }: Options, hold: Hold): Promise<void> {
      return new Promise((resolve, reject) => {
        const request = { hold, resolve, reject }
        const queue = queues.get(name) ?? []
        queues.set(name, queue)
        signal?.addEventListener('abort', () => {
          const at = queue.indexOf(request)
          if (at < 0) return
          queue.splice(at, 1)
          reject(signal.reason)
        })
        if (steal) {
          holders.get(name)?.reject(new DOMException('stolen', 'AbortError'))
          grant(name, request)
        } else if (holders.has(name)) queue.push(request)
        else grant(name, request)
      })
    },
    query: async () => ({
      pending: [...queues].flatMap(([name, queue]) => queue.map(() => ({ name }))),
      held: [...holders.keys()].map((name) => ({ name })),
    }),
  }
}

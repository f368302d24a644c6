/**
 * Web Locks as https://w3c.github.io/web-locks/ specifies them, as far as tabs use them. Node's own go on listing a request that was
 * aborted, and may grant a stolen lock to a second request.
 */
import { vi } from 'vitest'

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

export type FakeLocks = ReturnType<typeof fakeLocks>

/** Replaces `navigator` until the test is over. `grant` runs the callback of a request when its lock is free. */
export function useFakeLocks(
  test: { onTestFinished(end: () => void): unknown },
  grant: (hold: () => void) => void = queueMicrotask,
): FakeLocks {
  const locks = fakeLocks(grant)
  vi.stubGlobal('navigator', { locks })
  test.onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  return locks
}

/** The locks as one tab has them: it hears of a lock only when it is awake, and loses all of them once `gone` is aborted. */
export function locksOfTab(locks: FakeLocks, whenAwake: (report: () => void) => void, gone: AbortSignal): FakeLocks {
  return {
    ...locks,
    request(name, options, hold) {
      // Not `AbortSignal.any`, whose signals Node keeps until they are aborted.
      const waiting = new AbortController()
      for (const signal of [gone, options.signal]) signal?.addEventListener('abort', () => waiting.abort(signal.reason))
      const held = (lock: unknown) =>
        new Promise<void>((release) => {
          gone.addEventListener('abort', () => release())
          whenAwake(() => void hold(lock).then(release))
        })
      return new Promise((resolve, reject) => {
        locks.request(name, { ...options, signal: waiting.signal }, held).then(
          () => whenAwake(resolve),
          (reason) => whenAwake(() => reject(reason)),
        )
      })
    },
  }
}

function fakeLocks(grantTo: (hold: () => void) => void) {
  const queues = new Map<string, Request[]>()
  const holders = new Map<string, Request>()

  function grant(name: string, request: Request): void {
    holders.set(name, request)
    grantTo(async () => {
      try {
        await request.hold({ name })
        request.resolve()
      } catch (cause) {
        request.reject(cause)
      }
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

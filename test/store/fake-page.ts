/** A page that is drawn when the test says so, with a clock that the test moves: stands in for the globals of a browser. */
import { type TestContext, vi } from 'vitest'

export interface FakePage {
  /** Callbacks that wait for the next frame. */
  readonly waiting: number
  /** Timers that are set. */
  readonly timers: number
  hide(): void
  show(): void
  /** Draws once. What is asked for meanwhile waits for the next time. */
  draw(): void
  wait(milliseconds: number): void
}

/** What the host has: a page both, a worker mostly only frames, a server neither. */
export interface Host {
  /** @default true */
  readonly document?: boolean
  /** @default true */
  readonly frames?: boolean
}

export function fakePage(
  test: TestContext,
  { document: hasDocument = true, frames: hasFrames = true }: Host = {},
): FakePage {
  const document = { hidden: false }
  const callbacks = new Map<number, () => void>()
  let handles = 0

  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  if (hasDocument) vi.stubGlobal('document', document)
  if (hasFrames) {
    vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
      handles += 1
      callbacks.set(handles, callback)
      return handles
    })
    vi.stubGlobal('cancelAnimationFrame', (handle: number) => callbacks.delete(handle))
  }
  test.onTestFinished(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  return {
    get waiting() {
      return callbacks.size
    },
    get timers() {
      return vi.getTimerCount()
    },
    hide() {
      document.hidden = true
    },
    show() {
      document.hidden = false
    },
    draw() {
      if (document.hidden) throw new Error('A hidden page is not drawn.')
      const due = [...callbacks.values()]
      callbacks.clear()
      for (const callback of due) callback()
    },
    wait: (milliseconds) => void vi.advanceTimersByTime(milliseconds),
  }
}

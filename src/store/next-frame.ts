/** Animation frames, and what stands in for them where there are none. Asks for globals only when it is called. */
import { platform } from '../environment.ts'

/** Milliseconds that stand for a frame where nothing is drawn. */
const undrawnFrame = 16
/** Milliseconds between two looks at whether the page is still drawn. */
const checkInterval = 1000

/**
 * Calls back once, before the next time that the page is drawn; the result cancels it. A hidden page is not drawn, and a
 * server has nothing to draw: there a timer calls back, in a hidden page when the browser lets it (after up to a second, and
 * after minutes in the background once a minute).
 */
export function nextFrame(callback: () => void): () => void {
  const { document, requestAnimationFrame } = globalThis as Partial<typeof globalThis>
  const isDrawn = requestAnimationFrame && !document?.hidden
  let frame = 0
  let cancelTimer = platform.setTimer(wake, isDrawn ? checkInterval : undrawnFrame)
  // A test's stub may call back at once.
  if (isDrawn) frame = requestAnimationFrame(run)

  function cancel(): void {
    cancelTimer()
    if (frame) cancelAnimationFrame(frame)
  }

  function run(): void {
    cancel()
    callback()
  }

  // A frame that was asked for before the page was hidden comes only when the page is shown again, so the timer stands in. Also in a
  // worker, which has no document to ask.
  function wake(): void {
    if (isDrawn && document?.hidden === false) cancelTimer = platform.setTimer(wake, checkInterval)
    else run()
  }

  return cancel
}

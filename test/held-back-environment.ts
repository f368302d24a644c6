/** A fake environment in a page that nobody sees, whose timers the browser holds back. */
import { type FakeEnvironment, fakeEnvironment } from '../src/testing/index.ts'

/**
 * Timers run once a second. In a chain of timers, each set by the one before it, those from the `longestChain`th on run once a
 * minute: https://developer.chrome.com/blog/timer-throttling-in-chrome-88
 */
export function heldBackEnvironment(longestChain: number): FakeEnvironment {
  const awake = fakeEnvironment()
  let chain = 0
  awake.setVisible(false)
  return {
    ...awake,
    setTimer(callback, ms) {
      const link = chain + 1
      const step = link < longestChain ? 1000 : 60_000
      const wait = Math.max(0, ms)
      const due = awake.now() + wait
      return awake.setTimer(
        () => {
          chain = link
          callback()
          chain = 0
        },
        wait + step - (due % step),
      )
    },
    get held() {
      return awake.held
    },
  }
}

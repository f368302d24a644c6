/** Waits for what can be observed, and for nothing else. */

/** So many times it looks again without a timer, where the host has `setImmediate`. */
const turns = 20
/** The longest pause between two later looks, in milliseconds. */
const pace = 5

/**
 * Asks `observe` until it gives something true, and resolves with that. Rejects at the deadline (milliseconds from now),
 * naming what was waited for.
 */
export async function until<T>(what: string, observe: () => T | Promise<T>, deadline = 20_000): Promise<T> {
  const end = performance.now() + deadline
  for (let turn = 0; ; turn += 1) {
    const seen = await observe()
    if (seen) return seen
    if (performance.now() > end) throw new Error(`In ${deadline} ms it did not come to this: ${what}.`)
    await pause(turn)
  }
}

/** What a fake brings is there within some turns of the event loop: with a timer for each look, a suite would spend its time waiting. */
function pause(turn: number): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void }
  return new Promise((resolve) => {
    if (setImmediate && turn < turns) setImmediate(resolve)
    else setTimeout(resolve, Math.min(Math.max(turn - turns, 0), pace))
  })
}

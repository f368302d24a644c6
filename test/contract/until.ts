/** Waits for what can be observed, and for nothing else. */

/** So many times it looks again at once, where a process can. */
const turns = 20
const pace = 5

/**
 * Asks `observe` until it gives something true, and resolves with that. Rejects at the deadline, naming what was waited
 * for and what was seen last.
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

/** What waits for a fake is there within some turns of the event loop: in steps of `pace` a suite would wait for nothing else. */
function pause(turn: number): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void }
  return new Promise((resolve) => {
    if (setImmediate && turn < turns) setImmediate(resolve)
    else setTimeout(resolve, Math.min(Math.max(turn - turns, 0), pace))
  })
}

/** Waits for what can be observed, and for nothing else. */

const pace = 5

/**
 * Asks `observe` until it gives something true, and resolves with that. Rejects at the deadline, naming what was waited
 * for and what was seen last.
 */
export async function until<T>(what: string, observe: () => T | Promise<T>, deadline = 4500): Promise<T> {
  const end = performance.now() + deadline
  for (;;) {
    const seen = await observe()
    if (seen) return seen
    if (performance.now() > end) throw new Error(`In ${deadline} ms it did not come to this: ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, pace))
  }
}

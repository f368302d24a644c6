/**
 * Reads a stream in a process of its own, as many events as its parent says, and tells what its memory is after each
 * portion. A portion of 0 ends it. Run with --expose-gc.
 */
import { readEvents } from '../../src/sse/index.ts'

const events = readEvents(await fetch(process.argv[2] ?? ''))
let taken = 0

process.on('message', async (portion: number) => {
  if (portion === 0) {
    await events.return?.()
    process.disconnect()
    return
  }
  for (const end = taken + portion; taken < end; taken += 1) await events.next()
  process.send?.({ taken, memory: await memory() })
})

/** What is garbage does not count; buffers outside of the heap do. They are freed some turns after what held them. */
async function memory(): Promise<number> {
  let least = Infinity
  for (let turn = 0; turn < 5; turn += 1) {
    ;(globalThis as unknown as { gc(): void }).gc()
    await new Promise(setImmediate)
    const { heapUsed, external } = process.memoryUsage()
    least = Math.min(least, heapUsed + external)
  }
  return least
}

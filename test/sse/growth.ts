/** How the work of reading grows with what is read, in processor time of this thread alone: other processes do not count. */

const parts = 16
const rounds = 4

/** A `growth` below this is that of linear time, which comes to about 1; quadratic time comes to 16. */
export const linear = 5

/**
 * How many times as long reading all at once takes as reading a sixteenth of it sixteen times. The least of several rounds,
 * since something else may have disturbed one; the first that is linear ends it.
 */
export async function growth(run: (size: number) => Promise<unknown>, size: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds && least >= linear; round += 1) {
    const divided = await timed(async () => {
      for (let part = 0; part < parts; part += 1) await run(Math.ceil(size / parts))
    })
    least = Math.min(least, (await timed(() => run(size))) / divided)
  }
  return least
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage()
  await run()
  const { user, system } = process.threadCpuUsage(before)
  // A clock with coarse ticks may see nothing of a short run.
  return Math.max(1000, user + system)
}

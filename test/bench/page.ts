/** What the page of the benchmark can be asked: to let one of its contenders read, and to say how long it took. */
import { type Contender, createTally, type Sums } from './contender.ts'

export async function read(contender: Contender, url: string, sums: Sums): Promise<number> {
  // Nobody pays for another's garbage.
  ;(globalThis as { gc?: (options: object) => void }).gc?.({ type: 'minor' })
  const tally = createTally(sums)
  const begun = performance.now()
  await contender.read(url, (input, init) => fetch(input, init), tally.add)
  const milliseconds = performance.now() - begun
  tally.check(contender.name)
  return milliseconds
}

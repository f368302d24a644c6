import { expect, test } from 'vitest'
import { runNode } from '../checks/command.ts'

test('[SS5] an id that is kept, or a text of a history, does not keep the 64 kB that it was cut from', {
  timeout: 60_000,
}, async () => {
  const { ok, output } = await runNode(['--expose-gc', 'test/sse/kept-ids.ts'])
  expect(ok, output).toBe(true)
  console.log(`[sse] bytes kept for an id of 40 characters: ${output.trim()}`)

  const { idsOfEvents, lastIds, clientsThatDedupe, clientsThatDedupeFrames, textsOfHistory, slicesOfData } =
    JSON.parse(output)
  expect(idsOfEvents).toBeLessThan(1000)
  expect(lastIds).toBeLessThan(1000)
  expect(clientsThatDedupe).toBeLessThan(1000)
  expect(clientsThatDedupeFrames).toBeLessThan(1000)
  expect(textsOfHistory).toBeLessThan(1000)
  // A slice of the data does keep its chunk: a measurement that sees nothing would be noticed.
  expect(slicesOfData).toBeGreaterThan(50_000)
})

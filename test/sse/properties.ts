/** How often and from which seed the properties of hostile streams run, and how to see a failure again. */
import fc from 'fast-check'

const { HOLDFAST_SSE_RUNS, HOLDFAST_MODEL_RUNS, HOLDFAST_SSE_SEED, HOLDFAST_SSE_PATH } = process.env

/** How often each property runs. */
const runs = Number(HOLDFAST_SSE_RUNS ?? HOLDFAST_MODEL_RUNS ?? 300)

/** Drawn anew each time, so that every run of the tests looks at other streams. */
const seed = Number(HOLDFAST_SSE_SEED ?? Math.floor(Math.random() * 2 ** 31))

export const timeout: number = 20_000 + runs * 60

export async function holds<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  run: (value: T) => Promise<void>,
): Promise<void> {
  const details = await fc.check(fc.asyncProperty(arbitrary, run), {
    seed,
    numRuns: runs,
    ...(HOLDFAST_SSE_PATH && { path: HOLDFAST_SSE_PATH }),
  })
  if (!details.failed) return console.log(`[sse] seed ${seed}, ${details.numRuns} runs of "${name}"`)

  const variables = `HOLDFAST_SSE_SEED=${seed} HOLDFAST_SSE_PATH=${details.counterexamplePath}`
  const again = `To see it again: ${variables} npx vitest run --project unit test/sse -t '${name}'`
  throw new Error(`${details.errorInstance}\n${await fc.asyncDefaultReportMessage(details)}\n${again}`)
}

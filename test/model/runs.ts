/** How often and from which seed the properties run, and how to see a failure again. */
import fc from 'fast-check'

const { HOLDFAST_MODEL_RUNS, HOLDFAST_MODEL_SEED, HOLDFAST_MODEL_PATH } = process.env

/** How often each property runs. */
export const runs = Number(HOLDFAST_MODEL_RUNS ?? 300)

/** Drawn anew each time, so that every run of the tests looks at other sequences. */
const seed = Number(HOLDFAST_MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** Milliseconds that suffice for the slowest machine, by how much there is to do. */
export const timeout = 20_000 + runs * 60

export async function holds<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  run: (value: T) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(arbitrary, run)
  const details = await fc.check(property, {
    seed,
    numRuns: runs,
    ...(HOLDFAST_MODEL_PATH && { path: HOLDFAST_MODEL_PATH }),
  })
  if (details.failed)
    throw new Error(
      `${details.errorInstance}\n${await fc.asyncDefaultReportMessage(details)}\n${replay(name, details.counterexamplePath)}`,
    )
  console.log(`[model] seed ${seed}, ${details.numRuns} runs of "${name}"`)
}

function replay(name: string, path: string | null): string {
  const variables = `HOLDFAST_MODEL_SEED=${seed} HOLDFAST_MODEL_PATH=${path}`
  return `To see it again: ${variables} npx vitest run --project unit test/model -t '${name}'`
}

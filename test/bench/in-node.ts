/** Every contender over the same chunks in this process, one after another, round by round. */
import { Bench } from 'tinybench'
import { type Contender, createTally } from './contender.ts'
import { cut, type Workload } from './workloads.ts'

export interface Measured {
  readonly name: string
  /** Medians of all rounds. */
  readonly milliseconds: number
  /** How many times the rate of the first contender, in the same round. */
  readonly ratio: number
  readonly rounds: number
}

const rounds = Number(process.env.ROUNDS ?? 15)
/** Past this a run is not repeated: what it shows is seen already. */
const patience = 3000

export async function measure(
  contenders: readonly Contender[],
  workload: Workload,
  chunkSize: number,
): Promise<readonly Measured[]> {
  const chunks = cut(workload.bytes, chunkSize)
  const bench = new Bench({
    iterations: 1,
    time: 0,
    warmupIterations: 3,
    warmupTime: 200,
    throws: true,
  })
  for (const { name, read } of contenders) {
    bench.add(
      name,
      async () => {
        const tally = createTally(workload)
        await read('http://127.0.0.1/', async () => answer(chunks), tally.add)
        tally.check(name)
      },
      { async: true, beforeEach: collect },
    )
  }

  const samples = new Map<string, number[]>(bench.tasks.map(({ name }) => [name, []]))
  const slow = new Set<string>()
  const run = async (task: (typeof bench.tasks)[number]) => {
    task.reset()
    await task.run()
    const { result } = task
    if (!('latency' in result)) throw new Error(`${task.name}: ${result.state}`)
    return result.latency.p50
  }

  for (const task of bench.tasks) {
    const first = await run(task)
    if (first > patience) {
      slow.add(task.name)
      samples.get(task.name)?.push(first)
    } else {
      task.reset()
      await task.warmup()
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    // Nobody always comes after the same neighbour.
    const order = round % 2 ? bench.tasks.toReversed() : bench.tasks
    for (const task of order) if (!slow.has(task.name)) samples.get(task.name)?.push(await run(task))
  }

  const base = samples.get(contenders[0]?.name ?? '') ?? []
  return contenders.map(({ name }) => {
    const times = samples.get(name) ?? []
    return {
      name,
      milliseconds: median(times),
      ratio: median(slow.has(name) ? times.map((time) => median(base) / time) : times.map((time, round) => (base[round] ?? 0) / time)),
      rounds: times.length,
    }
  })
}

/** What a server would answer. A chunk is handed over when it is asked for, as from a socket. */
function answer(chunks: readonly Uint8Array[]): Response {
  let next = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks[next]
      next += 1
      if (chunk) controller.enqueue(chunk)
      else controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** Nobody pays for another's garbage. Needs `--expose-gc`. */
function collect(): void {
  globalThis.gc?.({ type: 'minor' })
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

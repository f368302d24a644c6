/** Every contender over the same chunks in this process, one after another, round by round. */
import { Bench, type Task } from 'tinybench'
import { type Contender, createTally } from './contender.ts'
import { median } from './median.ts'
import type { Workload } from './workloads.ts'

export interface Measured {
  readonly name: string
  /** The median of all rounds. */
  readonly milliseconds: number
  /** How many times the rate of the first contender: the median of the rounds, each compared with its own. */
  readonly ratio: number
}

/** Milliseconds that one contender may take over one stream, whose first runs then have to do. */
const patience = 4000

export async function measureInNode(
  contenders: readonly Contender[],
  workload: Workload,
  chunks: readonly Uint8Array[],
  rounds: number,
): Promise<readonly Measured[]> {
  const bench = new Bench({ iterations: 1, time: 0, warmupIterations: 3, warmupTime: 300, throws: true })
  for (const { name, read } of contenders) {
    const run = async () => {
      const tally = createTally(workload)
      await read('http://127.0.0.1/', async () => answer(chunks), tally.add)
      tally.check(name)
    }
    bench.add(name, run, { async: true, beforeEach: collect })
  }

  const times = new Map(bench.tasks.map((task) => [task, [] as number[]]))
  const spent = new Map<Task, number>()
  for (const task of bench.tasks) {
    spent.set(task, await time(task))
    task.reset()
    if (!isSpent(task)) await task.warmup()
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const task of bench.tasks) {
      if (isSpent(task) && times.get(task)?.length) continue
      const one = await time(task)
      times.get(task)?.push(one)
      spent.set(task, (spent.get(task) ?? 0) + one)
    }
    // So that nobody always comes after the same neighbour.
    bench.tasks.reverse()
  }
  function isSpent(task: Task): boolean {
    return (spent.get(task) ?? 0) > patience
  }

  const [base = []] = times.values()
  return [...times].map(([{ name }, own]) => ({
    name,
    milliseconds: median(own),
    ratio: median(own.map((one, round) => (base[round] ?? 0) / one)),
  }))
}

async function time(task: Task): Promise<number> {
  task.reset()
  await task.run()
  const { result } = task
  if (!('latency' in result)) throw new Error(`${task.name} ${result.state}`)
  return result.latency.p50
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

/**
 * Nobody pays for another's garbage. Only the young: a full collection also shrinks the heap and throws away code, and what
 * would be measured then is how they come back.
 */
function collect(): void {
  const gc: ((options: { readonly type: 'minor' }) => void) | undefined = globalThis.gc
  if (!gc) throw new Error('run it with --expose-gc')
  gc({ type: 'minor' })
}

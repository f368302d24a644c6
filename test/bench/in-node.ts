/** Every contender over the same chunks in this process, one after another, round by round. */
import { Bench, type Task } from 'tinybench'
import { type Contender, createTally } from './contender.ts'
import { median } from './median.ts'
import type { Workload } from './workloads.ts'

export interface Measured {
  readonly name: string
  /** The median of all rounds. */
  readonly milliseconds: number
  /** How many times the rate of the first contender it is: the median of the ratios within each round. */
  readonly ratio: number
}

interface Entry {
  readonly name: string
  readonly task: Task
  /** Milliseconds of each round. */
  readonly times: number[]
  /** The sum of these, and of the first run, which does not count. */
  spent: number
}

/** Milliseconds that one contender may take over one stream: the runs that it has done by then must be enough. */
const patience = 4000

export async function measureInNode(
  contenders: readonly Contender[],
  workload: Workload,
  chunks: readonly Uint8Array[],
  rounds: number,
): Promise<readonly Measured[]> {
  const bench = new Bench({ iterations: 1, time: 0, warmupIterations: 3, warmupTime: 300, throws: true })
  const entries = contenders.map(({ name, read }): Entry => {
    const run = async () => {
      const tally = createTally(workload)
      await read('http://127.0.0.1/', async () => answer(chunks), tally.add)
      tally.check(name)
    }
    bench.add(name, run, { async: true, beforeEach: collect })
    return { name, task: bench.getTask(name) as Task, times: [], spent: 0 }
  })

  for (const entry of entries) {
    entry.spent = await time(entry.task)
    entry.task.reset()
    if (entry.spent < patience) await entry.task.warmup()
  }
  const order = [...entries]
  for (let round = 0; round < rounds; round += 1) {
    for (const entry of order) {
      if (entry.spent > patience && entry.times.length > 0) continue
      const one = await time(entry.task)
      entry.times.push(one)
      entry.spent += one
    }
    // So that nobody always comes after the same neighbour.
    order.reverse()
  }

  return entries.map(({ name, times }) => ({
    name,
    milliseconds: median(times),
    ratio: median(times.map((one, round) => (entries[0]?.times[round] ?? 0) / one)),
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

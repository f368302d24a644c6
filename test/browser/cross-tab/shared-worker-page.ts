/** What a page over the shared worker of the docs does: keeps what it hears. */
import { sharedWorkerTab } from '../../../docs/recipes/shared-worker-tab.ts'

interface Numbers {
  n: number
}
interface Commands {
  said: string
}

export interface WorkerTab {
  readonly numbers: readonly number[]
  readonly states: readonly string[]
  readonly errors: readonly string[]
  readonly send: ReturnType<typeof sharedWorkerTab<Numbers, Commands>>
}

export function openWorkerTab(): WorkerTab {
  const numbers: number[] = []
  const states: string[] = []
  const errors: string[] = []
  const send = sharedWorkerTab<Numbers, Commands>(
    () => new SharedWorker('/worker.js'),
    ([kind, what, data]) => {
      if (kind === 'event' && what === 'n') numbers.push(data)
      if (kind === 'state') states.push(what)
      if (kind === 'error') errors.push(what)
    },
  )
  return { numbers, states, errors, send }
}

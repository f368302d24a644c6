import type { ToTab, ToWorker } from './shared-worker-messages.ts'

/** A tab's half: `connect` finds or starts the worker, `hear` gets what it posts. Returns a function that sends through it. */
export function sharedWorkerTab<In extends object, Out extends object>(
  connect: () => SharedWorker,
  hear: (message: ToTab<In>) => void,
): <Name extends keyof Out & string>(name: Name, data: Out[Name]) => void {
  let port: MessagePort
  let leave = () => {}
  function join(): void {
    leave()
    const own = connect().port
    port = own
    const lock = crypto.randomUUID()
    const untilLeft = new Promise<void>((resolve) => {
      leave = () => resolve(own.close())
    })
    own.onmessage = ({ data }: MessageEvent<ToTab<In>>) => hear(data)
    navigator.locks.request(lock, () => {
      own.postMessage(['join', lock] satisfies ToWorker)
      return untilLeft
    })
  }
  join()
  // Leaves before it sleeps: messages to a page that sleeps would pile up, without end.
  for (const sleep of ['freeze', 'pagehide']) addEventListener(sleep, () => leave(), true)
  addEventListener('resume', join, true)
  addEventListener('pageshow', ({ persisted }) => persisted && join())
  return (name, data) => port.postMessage(['send', name, data] satisfies ToWorker)
}

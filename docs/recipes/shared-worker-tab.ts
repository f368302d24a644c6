import type { ToTab, ToWorker } from './shared-worker-messages.ts'

/** A tab's half: `hear` gets what comes from the worker that `connect` finds or starts. Returns what sends through it. */
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
    const left = new Promise<void>((resolve) => {
      leave = () => resolve(own.close())
    })
    own.onmessage = ({ data }: MessageEvent<ToTab<In>>) => hear(data)
    navigator.locks.request(lock, () => {
      own.postMessage(['join', lock] satisfies ToWorker)
      return left
    })
  }
  join()
  // What is told to a page that sleeps would wait for it, without end.
  for (const sleep of ['freeze', 'pagehide']) addEventListener(sleep, () => leave(), true)
  addEventListener('resume', join, true)
  addEventListener('pageshow', ({ persisted }) => persisted && join())
  return (name, data) => port.postMessage(['send', name, data] satisfies ToWorker)
}

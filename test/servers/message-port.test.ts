import { onTestFinished } from 'vitest'
import { messagePort } from '../../docs/recipes/message-port.ts'
import type { Circumstance, Circumstances } from '../contract/circumstances.ts'
import { describeTransport } from '../contract/describe-transport.ts'

/** The worker's side of one link. */
interface Worker {
  readonly port: MessagePort
  readonly received: string[]
  isLive: boolean
}

const ports: Circumstances = {
  accepts: () => workerThat((port) => port.postMessage(true)),
  refusals: {
    'hangs up at once': () => ({ ...workerThat(hangUp), facts: { code: 'unreachable' } }),
  },
  hangs: () => workerThat(() => {}),
  sends: (frames) => workerThat((port) => sendAll(port, frames)),
  endsAfter: (frames) => ({
    ...workerThat((port) => {
      sendAll(port, frames)
      hangUp(port)
    }),
    facts: { code: 'lost' },
  }),
  tellsCloseCode: false,
}

describeTransport('the message port of the guide', ports)

function workerThat(act: (port: MessagePort) => void): Circumstance {
  const workers: Worker[] = []

  const connect = () => {
    const { port1, port2 } = new MessageChannel()
    const worker: Worker = { port: port2, received: [], isLive: true }
    workers.push(worker)
    port2.onmessage = ({ data }) => {
      if (data === null) worker.isLive = false
      else worker.received.push(typeof data === 'string' ? data : `bytes ${[...new Uint8Array(data.buffer ?? data)]}`)
    }
    onTestFinished(() => port2.close())
    act(port2)
    return port1
  }

  return {
    transport: messagePort(connect),
    seen: async () => ({
      dials: workers.length,
      live: workers.filter(({ isLive }) => isLive).length,
      received: workers.flatMap(({ received }) => received),
      closes: [],
      requests: workers.map(() => ({ url: '', headers: {} })),
    }),
  }
}

function sendAll(port: MessagePort, frames: readonly string[]): void {
  port.postMessage(true)
  for (const frame of frames) port.postMessage(frame)
}

function hangUp(port: MessagePort): void {
  port.postMessage(null)
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { messagePort } from '../../docs/recipes/message-port.ts'
import { root } from '../checks/command.ts'
import type { Circumstance, Circumstances } from '../contract/circumstances.ts'
import { describeTransport } from '../contract/describe-transport.ts'
import { until } from '../contract/until.ts'
import { holdClient } from './held-client.ts'

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

test('the worker of the guide answers a client, link by link', async () => {
  const serve = readWorker()
  const { client, told } = holdClient(
    messagePort(() => {
      const { port1, port2 } = new MessageChannel()
      onTestFinished(() => port2.close())
      serve({ ports: [port2] })
      return port1
    }),
  )
  const prices: unknown[] = []
  client.on('price', (price) => prices.push(price))
  client.connect()
  client.send('subscribe', { symbol: 'ACME' })
  await until('a price', () => prices.length === 1)
  client.reconnect()
  client.send('subscribe', { symbol: 'INIT' })
  await until('another one', () => prices.length === 2)

  expect(prices).toEqual([
    { symbol: 'ACME', value: 1 },
    { symbol: 'INIT', value: 1 },
  ])
  expect(told.errors).toEqual([])
})

/** What the guide's worker does on 'connect', run as it stands there. */
function readWorker(): (event: { readonly ports: readonly MessagePort[] }) => void {
  const guide = readFileSync(join(root, 'docs', 'guides', 'writing-a-transport.md'), 'utf8')
  const [, code = ''] = /\n```js\n(.*?)```\n/s.exec(guide) ?? []
  const listeners = new Map<string, ReturnType<typeof readWorker>>()
  new Function('addEventListener', code)((type: string, listener: ReturnType<typeof readWorker>) =>
    listeners.set(type, listener),
  )
  const listener = listeners.get('connect')
  if (listener === undefined) throw new Error('The worker of the guide does not listen.')
  return listener
}

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

import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { seenBy } from '../contract/seen-by.ts'
import { serverPeer } from '../contract/server-peer.ts'
import { until } from '../contract/until.ts'
import { startServers } from './start-servers.ts'

const built = new URL('../../dist/index.js', import.meta.url)

const servers = await startServers()
afterAll(servers.close)

/** Runs in the worker: an echo through the built package, which it sends home. */
const program = `
  import { parentPort, workerData } from 'node:worker_threads'
  const { createClient, text, webSocket } = await import(workerData.built)
  const client = createClient(webSocket(workerData.url), { codec: text() })
  client.on('message', (message) => {
    client.close(4000, 'done')
    parentPort.postMessage({ message, state: client.state, hasDocument: 'document' in globalThis })
  })
  client.send('message', 'from a worker')
  client.connect()
`

test.skipIf(!existsSync(built))('[LC5] the built package works in a worker, and lets it end', async () => {
  const peer = serverPeer(servers, '/ws/echo')
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
    workerData: { built: built.href, url: peer.url },
  })
  onTestFinished(async () => void (await worker.terminate()))
  const told: unknown[] = []
  const ends: unknown[] = []
  worker.on('message', (message) => told.push(message))
  worker.on('error', (error) => told.push(error))
  worker.on('exit', (code) => ends.push(code))
  await until('the worker ends by itself', () => ends.length > 0)
  await seenBy(peer, ({ closes }) => closes.length > 0)

  expect(told).toEqual([{ message: 'from a worker', state: { status: 'closed' }, hasDocument: false }])
  expect(ends).toEqual([0])
  expect((await peer.seen()).closes).toEqual([{ code: 4000, reason: 'done' }])
})

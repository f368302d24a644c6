import { expect, test } from 'vitest'
import { sharedWorkerHost } from '../../docs/recipes/shared-worker-host.ts'
import type { ToTab, ToWorker } from '../../docs/recipes/shared-worker-messages.ts'
import { createClient } from '../../src/index.ts'
import { fakeTransport } from '../../src/testing/index.ts'

test('a tab of a shared worker whose lock is free is told nothing more', async ({ onTestFinished }) => {
  const transport = fakeTransport()
  const client = createClient(transport)
  onTestFinished(() => client.close())
  const take = sharedWorkerHost(client)
  const gone = await givenTab(take, 'gone')
  const stays = await givenTab(take, 'stays')
  onTestFinished(stays.leave)
  const [link] = transport.links
  link?.open()
  link?.receive('{"type":"n","data":1}')
  gone.leave()
  // Whoever asks next has it after the worker.
  await navigator.locks.request('gone', () => {})
  link?.receive('{"type":"n","data":2}')

  const events = (told: readonly ToTab[]) => told.filter(([kind]) => kind === 'event').map(([, , data]) => data)
  await expect.poll(() => events(stays.told)).toEqual([1, 2])
  expect(events(gone.told)).toEqual([1])
})

/** A tab that has a lock of this name until it leaves. */
async function givenTab(take: (port: MessagePort) => void, lock: string) {
  const told: ToTab[] = []
  const port = { onmessage: (_: { data: ToWorker }) => {}, postMessage: (message: ToTab) => void told.push(message) }
  take(port as unknown as MessagePort)
  const leave = await new Promise<() => void>((has) => {
    navigator.locks.request(lock, () => new Promise<void>(has))
  })
  port.onmessage({ data: ['join', lock] })
  return { told, leave }
}

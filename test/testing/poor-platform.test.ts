/** What Jest's jsdom has not, which runs the tests of many pages. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createClient } from '../../src/index.ts'
import { fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'

beforeEach(() => {
  for (const name of ['MessageChannel', 'TextEncoder', 'TextDecoder', 'structuredClone', 'Headers', 'fetch', 'Request'])
    vi.stubGlobal(name, undefined)
})
afterEach(() => vi.unstubAllGlobals())

test('a client sends, hears, waits, comes back and is closed', async () => {
  const transport = fakeTransport()
  const environment = fakeEnvironment()
  const client = createClient(transport, { environment })
  const heard: unknown[] = []
  client.on('note', (data) => heard.push(data))
  client.connect()
  transport.links[0]?.open()
  transport.links[0]?.receive('{"type":"note","data":1}')
  client.send('note', 2)
  transport.links[0]?.end({ status: 503 })
  await environment.advance(1000)
  transport.links[1]?.open()
  expect(client.state.status).toBe('open')
  client.close()

  expect(heard).toEqual([1])
  expect(transport.links[0]?.sent).toEqual(['{"type":"note","data":2}'])
  expect(transport.links.map(({ closed }) => closed)).toEqual([true, true])
})

test('the clock lets a long chain of promises run to its end', async () => {
  const environment = fakeEnvironment()
  let steps = 0
  const chain = async () => {
    for (; steps < 500; steps += 1) await undefined
  }
  environment.setTimer(chain, 10)
  await environment.advance(10)

  expect(steps).toBe(500)
})

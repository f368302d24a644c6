import { expect, onTestFinished, test } from 'vitest'
import type { DuplexTransport, Link } from '../../src/index.ts'
import { createClient, eventSource, webSocket } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { over, rawTransport } from '../circumstances.ts'
import { until } from '../contract/until.ts'
import { fakeEventSources } from '../fakes/fake-event-source.ts'
import { mockPeer } from '../fakes/mock-web-socket.ts'

/** A transport whose tries lead to this very machine, or not, one after the other. */
function leading(...tries: (boolean | undefined)[]) {
  const raw = rawTransport()
  const transport: DuplexTransport & Pick<typeof raw, 'links'> = {
    ...raw,
    open(request, observer): Link {
      const isLocal = tries[raw.links.length]
      return { ...raw.open(request, observer), ...(isLocal !== undefined && { isLocal }) }
    },
  }
  const all = over(transport)
  all.client.connect()
  return { ...all, end: () => transport.links.at(-1)?.observer.ended(undefined as never) }
}

test.each([
  [true, 'waiting'],
  [false, 'suspended'],
  [undefined, 'suspended'],
] as const)('[LC1] offline while waiting for a link with isLocal %s: %s', (isLocal, status) => {
  const { client, environment, end } = leading(isLocal)
  end()
  environment.setOnline(false)

  expect(client.state.status).toBe(status)
})

test.each([
  [true, 'waiting'],
  [false, 'suspended'],
] as const)('[LC1][LC6] offline while connecting a link with isLocal %s: %s once it fails', (isLocal, status) => {
  const { client, environment, end } = leading(isLocal)
  environment.setOnline(false)
  end()

  expect(client.state.status).toBe(status)
})

test('[LC1] offline after a try that did not get to know where it leads, the one before still counts', async () => {
  const { client, environment, end } = leading(true, undefined)
  end()
  await environment.advance(1000)
  end()
  environment.setOnline(false)

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 3 })
})

test.each([
  ['localhost', 'waiting'],
  ['chat.localhost', 'waiting'],
  ['127.8.0.1', 'waiting'],
  ['[::1]', 'waiting'],
  ['localhost.example', 'suspended'],
  ['10.0.0.1', 'suspended'],
])('[LC1] a WebSocket to %s that fails offline leaves the client %s', async (host, status) => {
  const peer = mockPeer()
  onTestFinished(peer.stop)
  const environment = fakeEnvironment()
  const client = createClient(webSocket(`ws://${host}/live`, { WebSocket: peer.WebSocket }), { environment })
  onTestFinished(() => client.close())
  client.connect()
  environment.setOnline(false)
  await until('the end of the try', () => client.state.status !== 'connecting')

  expect(client.state.status).toBe(status)
})

test.each([
  ['http://localhost:8080/feed', 'waiting'],
  ['/feed', 'waiting'],
  ['https://feed.example/', 'suspended'],
])('[LC1] an EventSource of %s on a page of localhost that fails offline leaves the client %s', async (url, status) => {
  const { EventSource, sources } = fakeEventSources()
  const environment = fakeEnvironment()
  const client = createClient(eventSource(url, { EventSource }), { environment })
  onTestFinished(() => client.close())
  client.connect()
  environment.setOnline(false)
  await environment.advance(0)
  sources[0]?.fail()

  expect(client.state.status).toBe(status)
})

/** A client on the platform's own clock, with all that it tells. It ends with its test. */
import { onTestFinished } from 'vitest'
import { type ClientOptions, createClient, type DuplexTransport } from '../../src/index.ts'
import { listenTo } from '../circumstances.ts'
import { until } from '../contract/until.ts'

/** Short waits: tests tell by the states, not by time, what waits and what must not. */
const reconnect = { minDelay: 20 }

export function holdClient(transport: DuplexTransport, options: ClientOptions = {}) {
  const client = createClient(transport, { reconnect, ...options })
  onTestFinished(() => client.close())
  const told = listenTo(client)
  const reached = (status: typeof client.state.status) => until(`${status}`, () => client.state.status === status)
  return { client, told, reached }
}

/** A client on the platform's own clock, with all that it has told, which ends with its test. */
import { onTestFinished } from 'vitest'
import { type ClientOptions, createClient, type DuplexTransport } from '../../src/index.ts'
import { listenTo } from '../circumstances.ts'
import { until } from '../contract/until.ts'

/** Waits as short as they may be, so that what must not wait is told from what may by its states, not by time. */
const reconnect = { minDelay: 20 }

export function holdClient(transport: DuplexTransport, options: ClientOptions = {}) {
  const client = createClient(transport, { reconnect, ...options })
  onTestFinished(() => client.close())
  const told = listenTo(client)
  const reached = (status: typeof client.state.status) => until(`${status}`, () => client.state.status === status)
  return { client, told, reached }
}

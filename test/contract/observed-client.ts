/** A client over a transport, with everything that it tells, and a clock that moves when told. */
import { onTestFinished } from 'vitest'
import { createClient } from '../../src/client.ts'
import { text } from '../../src/codecs/text.ts'
import type { RealtimeError } from '../../src/errors.ts'
import type { ClientOptions, ConnectionState, DuplexClient } from '../../src/realtime-client.ts'
import { type FakeEnvironment, fakeEnvironment } from '../../src/testing/index.ts'
import type { Transport } from '../../src/transport.ts'
import { until } from './until.ts'

export interface ObservedClient {
  readonly client: DuplexClient
  readonly environment: FakeEnvironment
  /** Payloads of the event 'message'. */
  readonly messages: readonly unknown[]
  readonly errors: readonly RealtimeError[]
  reached(status: ConnectionState['status']): Promise<unknown>
}

/** A client of raw strings, unless `options` say otherwise, that lives as long as the test. */
export function observeClient(transport: Transport, options: ClientOptions = {}): ObservedClient {
  const environment = fakeEnvironment()
  // Typed as duplex, so that a test can show what `send` does where it is missing from the type.
  const client = createClient(transport as never, { environment, codec: text(), ...options }) as DuplexClient
  const messages: unknown[] = []
  const errors: RealtimeError[] = []
  client.on('message', (message) => messages.push(message))
  client.onError((error) => errors.push(error))
  onTestFinished(() => client.close())

  return {
    client,
    environment,
    messages,
    errors,
    reached: (status) => until(`state ${status}`, () => client.state.status === status),
  }
}

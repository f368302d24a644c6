/** Circumstances of `fetchStream`: a client over a fetch whose server is the test. */
import type { ClientOptions } from '../../src/realtime-client.ts'
import type { Provider } from '../../src/transport.ts'
import { type FetchStreamOptions, fetchStream } from '../../src/transports/fetch-stream.ts'
import { newest } from '../circumstances.ts'
import { observeClient } from '../contract/observed-client.ts'
import { type FakeFetchOptions, fakeFetch } from '../fakes/fake-fetch.ts'

export interface Streaming extends FetchStreamOptions, FakeFetchOptions {
  readonly url?: Provider<string | URL>
}

/** A client that has asked for its stream, of raw strings; random numbers are 0.5, so that the first wait takes 600 ms. */
export async function givenAsked({ url, made, ignoresSignal, ...options }: Streaming = {}, client?: ClientOptions) {
  const fake = fakeFetch({ ...(made && { made }), ...(ignoresSignal && { ignoresSignal }) })
  const transport = fetchStream(url ?? 'https://example.org/feed', { fetch: fake.fetch, ...options })
  const observed = observeClient(transport, client)
  const statuses: string[] = []
  observed.client.onState(({ status }) => statuses.push(status))
  observed.client.connect()
  const all = {
    ...observed,
    requests: fake.requests,
    statuses,
    request: () => newest(fake.requests),
    /** Answers the newest request, and lets the client hear of it. */
    async answer(status?: number, headers?: Readonly<Record<string, string>>) {
      all.request().answer(status, headers)
      await observed.environment.advance(0)
    },
    /** Sends one chunk, and lets the client hear of it. */
    async send(chunk: string | Uint8Array<ArrayBuffer>) {
      all.request().send(chunk)
      await observed.environment.advance(0)
    },
    async end() {
      all.request().end()
      await observed.environment.advance(0)
    },
    async fail(cause?: unknown) {
      all.request().fail(cause)
      await observed.environment.advance(0)
    },
    /** Milliseconds until the next attempt. */
    wait() {
      const { state } = observed.client
      if (state.status !== 'waiting') throw new Error(`It is ${state.status}, not waiting.`)
      return state.retryAt - observed.environment.now()
    },
  }
  await observed.environment.advance(0)
  return all
}

/** The same, open. */
export async function givenStream(options?: Streaming, client?: ClientOptions) {
  const all = await givenAsked(options, client)
  await all.answer()
  return all
}

/** The same once more, over a link that came after the first was lost. */
export async function givenSecondTry(options?: Streaming, client?: ClientOptions) {
  const all = await givenStream(options, client)
  await all.fail()
  await all.environment.advance(600)
  return all
}

/** Circumstances of `withUpstream`: a client over a stream that the test moves, and over a fetch whose server is the test. */
import { onTestFinished } from 'vitest'
import type { ClientOptions } from '../../src/realtime-client.ts'
import { type FakeEnvironment, fakeTransport } from '../../src/testing/index.ts'
import type { Provider } from '../../src/transport.ts'
import type { WithUpstreamOptions } from '../../src/transports/upload.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'
import { newest, over } from '../circumstances.ts'
import { type FakeFetchOptions, type FakeRequest, fakeFetch } from '../fakes/fake-fetch.ts'

export interface Posting extends WithUpstreamOptions, FakeFetchOptions {
  readonly url?: Provider<string | URL>
}

export type PostingClient = ClientOptions & { readonly environment?: FakeEnvironment }

/** A client that has not connected. Random numbers are 0.5, so that the first wait, also between two POSTs, takes 600 ms. */
export function givenUpstream({ url, made, ignoresSignal, ...options }: Posting = {}, client?: PostingClient) {
  const { fetch, requests } = fakeFetch({ ...(made && { made }), ...(ignoresSignal && { ignoresSignal }) })
  const inner = fakeTransport({ duplex: false, name: 'stream' })
  const transport = withUpstream(inner, url ?? 'https://example.org/up', { fetch, ...options })
  const observed = over(transport, client)
  onTestFinished(() => observed.client.close())
  const settled = () => observed.environment.advance(0)
  const all = {
    ...observed,
    transport,
    links: inner.links,
    link: () => newest(inner.links),
    requests,
    request: () => newest(requests),
    /** Payloads of the requests so far, oldest first. */
    posted: () => requests.map(payload),
    keys: () => requests.map(({ headers }) => headers.get('idempotency-key')),
    settled,
    /** Sends, and lets what follows of it happen. */
    async send(...data: readonly unknown[]) {
      const results = data.map((one) => observed.client.send('note', one))
      await settled()
      return results
    },
    /** Answers the newest request, and lets the client hear of it. */
    async answer(status = 204, headers: Readonly<Record<string, string>> = {}) {
      all.request().answer(status, headers)
      await settled()
    },
    async fail(cause?: unknown) {
      all.request().fail(cause)
      await settled()
    },
  }
  return all
}

/** The same, open. */
export function givenPosting(options?: Posting, client?: PostingClient) {
  const all = givenUpstream(options, client)
  all.client.connect()
  all.link().open()
  return all
}

/** What the codec `json` has written as payload. */
export function payload({ init }: FakeRequest): unknown {
  return JSON.parse(String(init.body)).data
}

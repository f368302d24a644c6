/** Circumstances of a transport that receives, with an upstream beside it that takes every frame, whatever the peer does. */
import type { Transport } from '../../src/transport.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'
import { fakeFetch } from '../fakes/fake-fetch.ts'
import type { Origins } from '../servers/start-servers.ts'
import type { Circumstance, Circumstances, Seen } from './circumstances.ts'
import { serverPeer } from './server-peer.ts'
import { wrapped } from './wrapped.ts'

/** One endpoint for one peer, with what it has taken. */
interface Upstream {
  add(transport: Transport): Transport
  received(): Promise<Seen['received']>
}

export function withFakeUpstreams(circumstances: Circumstances): Circumstances {
  return withUpstreams(circumstances, () => {
    const { fetch, requests } = fakeFetch({ made: (request) => request.answer(204) })
    return {
      add: (transport) => withUpstream(transport, 'http://fake.test/up', { fetch }),
      received: async () =>
        requests.map(({ init: { body } }) => (body instanceof Uint8Array ? `bytes ${body}` : String(body))),
    }
  })
}

export function withUpstreamServers(circumstances: Circumstances, origins: Origins): Circumstances {
  return withUpstreams(circumstances, () => {
    const { url, seen } = serverPeer(origins, '/upstream')
    return {
      add: (transport) => withUpstream(transport, url),
      received: async () => (await seen()).received,
    }
  })
}

function withUpstreams(circumstances: Circumstances, make: () => Upstream): Circumstances {
  const wrapping = () => {
    const { add, received } = make()
    const seen = (inner: Circumstance) => async () => ({ ...(await inner.seen()), received: await received() })
    return { wrap: add, seen }
  }
  return { ...wrapped(circumstances, wrapping), sendsOneByOne: true }
}

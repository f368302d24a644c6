/** Circumstances of a transport that receives, with an upstream beside it: whatever the peer does, that takes every frame. */
import type { Transport } from '../../src/transport.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'
import { fakeFetch } from '../fakes/fake-fetch.ts'
import type { Origins } from '../servers/start-servers.ts'
import type { Circumstance, Circumstances, Seen } from './circumstances.ts'
import { serverPeer } from './server-peer.ts'

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
  const { accepts, refusals, dismissals = {}, hangs, sends, endsAfter, throws } = circumstances

  function extend<C extends Circumstance>(circumstance: C): C {
    const { add, received } = make()
    const { transport, provided, seen } = circumstance
    return {
      ...circumstance,
      transport: add(transport),
      provided: provided && ((provide) => add(provided(provide))),
      seen: async () => ({ ...(await seen()), received: await received() }),
    }
  }

  const extendAll = (all: Circumstances['refusals']) =>
    Object.fromEntries(Object.entries(all).map(([name, one]) => [name, () => extend(one())]))

  return {
    ...circumstances,
    accepts: () => extend(accepts()),
    refusals: extendAll(refusals),
    dismissals: extendAll(dismissals),
    hangs: () => extend(hangs()),
    sends: (frames) => extend(sends(frames)),
    endsAfter: (frames) => extend(endsAfter(frames)),
    ...(throws && { throws: (cause) => make().add(throws(cause)) }),
    sendsOneByOne: true,
  }
}

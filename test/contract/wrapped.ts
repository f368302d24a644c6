/** Circumstances of a transport that is put around another one: those of the inner one's peer. */
import type { Transport } from '../../src/transport.ts'
import type { Circumstance, Circumstances } from './circumstances.ts'

/** What is put around the transport of one circumstance, and what is known of it beside what its peer has seen. */
export interface Wrapping {
  wrap(transport: Transport): Transport
  readonly seen?: (inner: Circumstance) => Circumstance['seen']
}

/** `make` is called once for each circumstance, which may need a peer of its own. */
export function wrapped(circumstances: Circumstances, make: () => Wrapping): Circumstances {
  const { accepts, refusals, dismissals = {}, hangs, sends, endsAfter, throws } = circumstances

  function extend<C extends Circumstance>(circumstance: C): C {
    const { wrap, seen } = make()
    const { transport, provided } = circumstance
    return {
      ...circumstance,
      transport: wrap(transport),
      provided: provided && ((provide) => wrap(provided(provide))),
      ...(seen && { seen: seen(circumstance) }),
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
    ...(throws && { throws: (cause) => make().wrap(throws(cause)) }),
  }
}

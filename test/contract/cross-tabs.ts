/** Circumstances of a transport that tabs share, each link being the only one of its name. */
import { crossTab } from '../../src/cross-tab/index.ts'
import type { Transport } from '../../src/transport.ts'
import type { Circumstance, Circumstances } from './circumstances.ts'

let names = 0

/** Two links of one transport are two tabs of one link otherwise, which is not what the contract is about. */
function alone(transport: Transport): Transport {
  return {
    ...transport,
    open(request, observer) {
      names += 1
      return crossTab(transport, { name: `alone ${names}` }).open(request, observer)
    },
  }
}

export function overCrossTab(circumstances: Circumstances): Circumstances {
  const { accepts, refusals, dismissals = {}, hangs, sends, endsAfter, throws } = circumstances

  function extend<C extends Circumstance>(circumstance: C): C {
    const { transport, provided } = circumstance
    return { ...circumstance, transport: alone(transport), provided: provided && ((url) => alone(provided(url))) }
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
    ...(throws && { throws: (cause) => alone(throws(cause)) }),
  }
}

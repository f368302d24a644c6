/** Circumstances of a transport that tabs share, each link being the only one of its name. */
import { crossTab } from '../../src/cross-tab/index.ts'
import type { Transport } from '../../src/transport.ts'
import type { Circumstances } from './circumstances.ts'
import { wrapped } from './wrapped.ts'

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
  return wrapped(circumstances, () => ({ wrap: alone }))
}

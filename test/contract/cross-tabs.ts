/** Circumstances of a transport that tabs share, where every link is the only one of its name. */
import { crossTab } from '../../src/cross-tab/index.ts'
import type { Transport } from '../../src/transport.ts'
import type { Circumstances } from './circumstances.ts'
import { wrapped } from './wrapped.ts'

let names = 0

/** Every link gets a name of its own: two links of one name would be two tabs that share one link, which is not what the contract is about. */
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

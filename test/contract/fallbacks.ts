/** Circumstances of a list of transports: what is said of the last of them is said of the list. */
import { RealtimeError } from '../../src/errors.ts'
import type { Transport } from '../../src/transport.ts'
import { fallback } from '../../src/transports/fallback.ts'
import type { Circumstances } from './circumstances.ts'
import { wrapped } from './wrapped.ts'

/** One that cannot work here, which it tells in the next microtask. */
export const unsupported: Transport & { readonly duplex: true } = {
  name: 'unsupported',
  duplex: true,
  open(_, observer) {
    let isOver = false
    queueMicrotask(() => {
      if (!isOver) observer.ended(new RealtimeError('unsupported'))
    })
    return {
      send() {},
      close() {
        isOver = true
      },
    }
  },
}

export function fallbacks(circumstances: Circumstances, before: readonly Transport[] = []): Circumstances {
  const wrap = (transport: Transport) => fallback([...before, transport], { storage: false })
  return { ...wrapped(circumstances, () => ({ wrap })), carrier: circumstances.accepts().transport.name }
}

/** Circumstances of a list of transports: what is said of the last of them is said of the list. */
import { RealtimeError } from '../../src/errors.ts'
import type { Transport } from '../../src/transport.ts'
import { fallback } from '../../src/transports/fallback.ts'
import type { Circumstance, Circumstances } from './circumstances.ts'

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
  const { accepts, refusals, dismissals = {}, hangs, sends, endsAfter, throws } = circumstances
  const add = (transport: Transport) => fallback([...before, transport], { storage: false })

  function extend<C extends Circumstance>(circumstance: C): C {
    const { transport, provided } = circumstance
    return {
      ...circumstance,
      transport: add(transport),
      provided: provided && ((provide) => add(provided(provide))),
    }
  }

  const extendAll = (all: Circumstances['refusals']) =>
    Object.fromEntries(Object.entries(all).map(([name, one]) => [name, () => extend(one())]))

  return {
    ...circumstances,
    carrier: accepts().transport.name,
    accepts: () => extend(accepts()),
    refusals: extendAll(refusals),
    dismissals: extendAll(dismissals),
    hangs: () => extend(hangs()),
    sends: (frames) => extend(sends(frames)),
    endsAfter: (frames) => extend(endsAfter(frames)),
    ...(throws && { throws: (cause) => add(throws(cause)) }),
  }
}

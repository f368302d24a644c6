/** Circumstances of a list of transports: what is said of one of them, the others being of no use, is said of the list. */
import { RealtimeError } from '../../src/errors.ts'
import type { Transport } from '../../src/transport.ts'
import { fallback } from '../../src/transports/fallback.ts'
import type { Circumstances, Ending } from './circumstances.ts'
import { wrapped } from './wrapped.ts'

/** One that cannot work here, which it tells in the next microtask. */
export const unsupported = candidateThat((end) => queueMicrotask(end))

/** One that never answers. */
const silent = candidateThat(() => {})

function candidateThat(ends: (end: () => void) => void): Transport & { readonly duplex: true } {
  return {
    name: 'of no use',
    duplex: true,
    open(_, observer) {
      let isOver = false
      ends(() => {
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
}

export function fallbacks(
  circumstances: Circumstances,
  before: readonly Transport[] = [],
  after: readonly Transport[] = [],
): Circumstances {
  const wrap = (transport: Transport) => fallback([...before, transport, ...after], { storage: false })
  return { ...wrapped(circumstances, () => ({ wrap })), carrier: circumstances.accepts().transport.name }
}

/** The first of a list, whose next one is of no use, and waits where the first one makes it wait. */
export function firstOf(circumstances: Circumstances): Circumstances {
  const { accepts, ...rest } = fallbacks(circumstances, [], [unsupported])
  const { hangs } = fallbacks(circumstances, [], [silent])
  return { ...rest, accepts: withoutProvider(accepts), hangs }
}

/** The last of a list, the first of which fails. Of its own failures those are told that come with a status. */
export function lastAfter(failing: Transport, circumstances: Circumstances): Circumstances {
  const { throws: _, accepts, refusals, dismissals = {}, ...rest } = fallbacks(circumstances, [failing])
  return { ...rest, accepts: withoutProvider(accepts), refusals: told(refusals), dismissals: told(dismissals) }
}

/** What a provider does has a share of the time only, and the suite waits for all of it. */
function withoutProvider(accepts: Circumstances['accepts']): Circumstances['accepts'] {
  return () => ({ ...accepts(), provided: undefined })
}

function told(all: Circumstances['refusals']): Circumstances['refusals'] {
  const isTold = ({ facts: { code, status } }: Ending) => status !== undefined && code !== 'not-a-stream'
  return Object.fromEntries(Object.entries(all).filter(([, make]) => isTold(make())))
}

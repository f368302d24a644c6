/** Circumstances of a list of transports, all but one of which are of no use: what holds for that one holds for the list. */
import { RealtimeError } from '../../src/errors.ts'
import type { Transport } from '../../src/transport.ts'
import { fallback } from '../../src/transports/fallback.ts'
import type { Circumstances, Ending } from './circumstances.ts'
import { wrapped } from './wrapped.ts'

/** A candidate that cannot work here, and says so in the next microtask. */
export const unsupported = candidateThat((end) => queueMicrotask(end))

/** A candidate that never answers. */
const silent = candidateThat(() => {})

function candidateThat(behave: (end: () => void) => void): Transport & { readonly duplex: true } {
  return {
    name: 'of no use',
    duplex: true,
    open(_, observer) {
      let isOver = false
      behave(() => {
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

/** The first of a list. The next one is of no use: it cannot work here or, where the first one hangs, never answers either. */
export function firstOf(circumstances: Circumstances): Circumstances {
  const { accepts, ...rest } = fallbacks(circumstances, [], [unsupported])
  const { hangs } = fallbacks(circumstances, [], [silent])
  return { ...rest, accepts: withoutProvider(accepts), hangs }
}

/** The last of a list whose first one fails. Of its own failures, the list tells those that come with a status. */
export function lastAfter(failing: Transport, circumstances: Circumstances): Circumstances {
  const { throws: _, accepts, refusals, dismissals = {}, ...rest } = fallbacks(circumstances, [failing])
  return { ...rest, accepts: withoutProvider(accepts), refusals: told(refusals), dismissals: told(dismissals) }
}

/** A candidate's provider has only a share of the attempt's time, and the suite expects that it has all of it. */
function withoutProvider(accepts: Circumstances['accepts']): Circumstances['accepts'] {
  return () => ({ ...accepts(), provided: undefined })
}

function told(all: Circumstances['refusals']): Circumstances['refusals'] {
  const isTold = ({ facts: { code, status } }: Ending) => status !== undefined && code !== 'not-a-stream'
  return Object.fromEntries(Object.entries(all).filter(([, make]) => isTold(make())))
}

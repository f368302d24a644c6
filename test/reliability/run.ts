/** One client, or many, of one library in one set of circumstances, and what was seen of them. */

import type { Library, Needs, Url } from './libraries.ts'
import type { ServerBehavior } from './simulated-network.ts'
import { openPage, type VirtualPage } from './virtual-page.ts'

export interface SeenClient {
  /** When it became open, by its own word, and when that ended. */
  readonly openings: readonly number[]
  readonly losses: readonly number[]
  readonly hasGivenUp: boolean
}

export interface Run extends VirtualPage {
  readonly clients: readonly SeenClient[]
}

export interface Circumstances extends ServerBehavior {
  readonly seed: number
  readonly url?: Url | undefined
  readonly needs?: Needs | undefined
  /** How many clients there are. @default 1 */
  readonly count?: number | undefined
}

/** The clients have begun; the clock is the caller's to move. */
export function begin(library: Library, circumstances: Circumstances): Run {
  const { seed, url = 'wss://server.test/live', needs, count = 1 } = circumstances
  const page = openPage(seed, circumstances)
  return { ...page, clients: Array.from({ length: count }, () => startClient(library, page, url, needs)) }
}

function startClient(library: Library, { clock }: VirtualPage, url: Url, needs: Needs | undefined): SeenClient {
  const openings: number[] = []
  const losses: number[] = []
  let hasGivenUp = false

  library.start(
    url,
    {
      opened: () => openings.push(clock.now()),
      lost() {
        if (losses.length < openings.length) losses.push(clock.now())
      },
      gaveUp() {
        hasGivenUp = true
      },
    },
    needs,
  )
  return {
    openings,
    losses,
    get hasGivenUp() {
      return hasGivenUp
    },
  }
}

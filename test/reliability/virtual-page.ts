/**
 * Puts a virtual clock, seeded randomness and simulated sockets where a page has its own. They are in place before a library is
 * imported, since a library may read what it needs then; each run renews what is behind them.
 */
import { seeded } from '../circumstances.ts'
import { createNetwork, type ServerBehavior, type SimulatedNetwork } from './simulated-network.ts'
import { createSimulatedWebSocket } from './simulated-web-socket.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

export interface VirtualPage {
  readonly clock: VirtualClock
  readonly network: SimulatedNetwork
}

/** What `Date.now()` says at the beginning of every run. */
const epoch = Date.UTC(2026, 0, 1)

let current: (VirtualPage & { readonly random: () => number }) | undefined

/** From now on the globals are this page's. What an earlier one has left to do never happens. `seed` is not 0. */
export function openPage(seed: number, behavior: ServerBehavior = {}): VirtualPage {
  if (current === undefined) replaceGlobals()
  // What a task throws goes to the same place as a rejection that nobody handles.
  const clock = createVirtualClock((error) => void Promise.reject(error))
  current = { clock, network: createNetwork(clock, behavior), random: lucky(seed) }
  return current
}

/** Random numbers without the first ones, which are small after a small seed. */
function lucky(seed: number): () => number {
  const random = seeded(seed)
  for (let draws = 0; draws < 20; draws += 1) random()
  return random
}

function page() {
  if (current === undefined) throw new Error('No page is open.')
  return current
}

function replaceGlobals(): void {
  const now = () => epoch + page().clock.now()
  class VirtualDate extends Date {
    constructor(...all: unknown[]) {
      super(...((all.length > 0 ? all : [now()]) as [number]))
    }

    static override readonly now = now
  }

  Object.assign(globalThis, {
    Date: VirtualDate,
    WebSocket: createSimulatedWebSocket(page),
    setTimeout: (callback: (...all: unknown[]) => void, ms = 0, ...all: unknown[]) =>
      page().clock.setTimer(() => callback(...all), ms),
    clearTimeout: (timer?: number) => page().clock.clearTimer(timer),
    // None of the libraries uses it; one that begins to would be measured wrongly without a word.
    setInterval: () => {
      throw new Error('There are no virtual intervals.')
    },
  })
  Math.random = () => page().random()
  performance.now = () => page().clock.now()
}

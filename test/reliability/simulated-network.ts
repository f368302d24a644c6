/** What is between a page and its server: every dial with its time, and what the other end does with it. */
import type { ServerLink, SimulatedPeer } from './simulated-web-socket.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** Whether a dial is answered, turned away, or swallowed without a word. */
export type Answer = 'accept' | 'refuse' | 'hang'

/** How a server behaves; `now` is the clock's time. Without any of these it is a good one. */
export interface ServerBehavior {
  readonly answer?: ((now: number) => Answer) | undefined
  /** Called right after the server has accepted. */
  readonly accepted?: ((link: ServerLink, now: number) => void) | undefined
  /** Whether it replies on this link, which was accepted at that time. @default always */
  readonly replies?: ((acceptedAt: number) => boolean) | undefined
}

export interface SimulatedNetwork extends SimulatedPeer {
  /** When a page dialed. */
  readonly dials: readonly number[]
  /** Every link that was ever accepted, newest last. */
  readonly links: readonly ServerLink[]
}

/** What is asked, by the `type` of the frame, and what the server says to it: graphql-ws its own words, holdfast the ones it is given. */
const replyTo: Readonly<Record<string, string>> = { connection_init: 'connection_ack', hello: 'welcome', ping: 'pong' }

export function createNetwork(clock: VirtualClock, behavior: ServerBehavior = {}): SimulatedNetwork {
  const { answer = () => 'accept', accepted = () => {}, replies: isReplying = () => true } = behavior
  const dials: number[] = []
  const acceptedAt = new Map<ServerLink, number>()

  return {
    dials,
    get links() {
      return [...acceptedAt.keys()]
    },
    dialed() {
      dials.push(clock.now())
    },
    answer: () => answer(clock.now()),
    accepted(link) {
      acceptedAt.set(link, clock.now())
      accepted(link, clock.now())
    },
    received(link, frame) {
      const reply = replyTo[JSON.parse(frame).type]
      if (reply !== undefined && isReplying(acceptedAt.get(link) ?? 0)) link.send(JSON.stringify({ type: reply }))
    },
  }
}

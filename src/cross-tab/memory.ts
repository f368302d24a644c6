/** What a tab keeps from one of its links to the next. Types, and how it begins. */
import { createHistory } from './history.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import type { StreamMemory } from './stream.ts'

/** What a tab keeps from one of its links to the next, such as where it is in the stream: it may have slept in between. */
export interface Memory extends StreamMemory {
  /** This tab, in what it says to the others. */
  readonly me: string
  readonly outbox: Outbox
  /** By tab, the number of the last frame from it that this tab's links have taken. Also for tabs that have left: they may come back. */
  readonly taken: Map<string, number>
  /** Event names that this tab and those it has heard from listen for, collected anew when it claims the lead from another. */
  audible: Set<string>
  /** The newest term that this tab has heard of. */
  newest: number
  /** How many questions this tab has asked: the number of the last one. */
  asked: number
  /**
   * Ticks of a follower since it last heard from a leader; the beginning of a link is one. Where this tab's link is given up sooner than
   * the leader, its next link counts on.
   */
  silence: number
  /** The session's own `ready`: that of the link, which stands in its place, does its part first and then calls it. */
  ready?: () => void
}

export function createMemory(): Memory {
  return {
    // Not the environment's randomness, which a test may have fixed: two tabs must differ.
    me: `${Math.random()}`,
    past: createHistory(),
    outbox: createOutbox(),
    taken: new Map(),
    audible: new Set(),
    newest: 0,
    asked: 0,
    silence: 0,
  }
}

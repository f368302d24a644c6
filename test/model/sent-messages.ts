/** Follows every message that is sent, by its number: each goes out once and in order, or somebody is told. */
import { type DuplexClient, isRealtimeError } from '../../src/index.ts'
import type { Drawn } from './options.ts'

export interface SentMessages {
  /** Numbers of those that the client holds, oldest first. */
  readonly held: readonly number[]
  send(client: DuplexClient): void
  /** A link has taken it. */
  took(number: number): void
  /** The client is found closed: it holds nothing any more, and tells of what it has dropped when the turn is over. */
  closed(): void
  /** The client has told that so many were dropped, the oldest. */
  dropped(count: number): void
  /** Messages that are gone, and of which nobody has been told so far. */
  readonly missing: number
}

/** What `send` may throw, by the contract. */
const documented = ['queue-full', 'not-open', 'receive-only']

export function followSentMessages(drawn: Drawn, wrong: (rule: string, text: string) => void): SentMessages {
  const held: number[] = []
  const taken = new Set<number>()
  /** Those whose `send` has not returned. */
  const inCall = new Set<number>()
  let numbers = 0
  let missing = 0

  return {
    held,
    send(client) {
      // One that a listener sends from inside another's `send` has no place in the order that could be told from here.
      if (inCall.size) return
      const number = numbers++
      inCall.add(number)
      let outcome: string
      try {
        outcome = client.send('note', number)
      } catch (error) {
        outcome = isRealtimeError(error) ? error.code : `an exception: ${error}`
        if (!documented.includes(outcome)) wrong('SQ1', `send threw ${outcome}`)
      }
      const isGone = !inCall.delete(number)

      const isTaken = taken.has(number)
      if (outcome === 'sent' && !isTaken) wrong('SQ2', `message ${number} was 'sent', and no link took it`)
      if (outcome !== 'sent' && outcome !== 'queued' && isTaken) wrong('SQ2', `message ${number} went out: ${outcome}`)
      if (outcome !== 'queued' || isTaken || isGone) return

      held.push(number)
      const { maxMessages = 0, whenFull = 'throw' } = drawn.queue || {}
      if (held.length <= maxMessages) return
      if (whenFull === 'drop-oldest') missing += held.splice(0, held.length - maxMessages).length
      else wrong('SQ1', `${held.length} messages are held, over the bound of ${maxMessages}`)
    },
    took(number) {
      if (taken.has(number)) wrong('SQ2', `message ${number} went out twice`)
      taken.add(number)
      const place = held.indexOf(number)
      // What was held before it has been dropped, which is told when the turn is over.
      if (place !== -1) missing += held.splice(0, place + 1).length - 1
      // One whose `send` is under way has to wait for those that are held.
      else if (held.length || !inCall.has(number)) wrong('SQ2', `message ${number} went out before or after ${held}`)
    },
    closed() {
      missing += held.splice(0).length
    },
    dropped(count) {
      const known = Math.min(missing, count)
      missing -= known
      const rest = count - known - held.splice(0, count - known).length
      // The client may let go of a message before its `send` has returned.
      for (const number of [...inCall].slice(0, rest)) inCall.delete(number)
    },
    get missing() {
      return missing
    },
  }
}

/**
 * What tabs say to each other. The channel is open to every script of the origin, old versions of this one included, so
 * whatever arrives is looked at before it is believed. Whoever changes a shape counts `version` up: tabs of another version
 * are a group of their own.
 */
import type { Frame, Inbound } from '../codec.ts'
import { isBytes } from '../codecs/bytes.ts'
import type { ErrorDetails, RealtimeError } from '../errors.ts'
import type { LinkObserver } from '../transport.ts'

export const version = 1

/** One that every tab gets: its number, the frame (`null` where only an id came), and the last id as of it. */
export type Entry = [seq: number, frame: Inbound | null, id: string]

/** An open link, as its leader has it. */
export type OpenInfo = NonNullable<Parameters<LinkObserver['opened']>[0]>

/** An error, without what cannot cross. */
export type ErrorFacts = ErrorDetails & Pick<RealtimeError, 'code' | 'message'>

export function factsOf(error: RealtimeError): ErrorFacts {
  // An error's message is not among what a spread takes.
  return { ...error, message: error.message }
}

/**
 * `term` counts leaders, and whoever knows a newer one does not listen to an older; `seq` counts entries through all terms. A
 * tab that has nothing yet is at -1.
 */
export interface Messages {
  /** A follower: so far have I got, these events I hear, and this is what you have not got yet. */
  ask: [from: string, term: number, seq: number, id: string, names: readonly string[], ahead: readonly Entry[]]
  /** The next leader: I shall lead, and so far have I got; where are you? */
  claim: [term: number, seq: number]
  /**
   * The leader, to one or (`''`) to all. `before` is the term whose numbers it continues. To one,
   * `from` is the id that it has asked with; to all, the link begins anew behind it, and what comes again is dropped.
   */
  state: [
    to: string,
    term: number,
    before: number,
    seq: number,
    info: OpenInfo | null,
    from: string,
    missed: readonly Entry[],
  ]
  entry: [term: number, ...entry: Entry]
  /** The leader's link was interrupted (until), or has ended, or wishes a longer wait. */
  told: [term: number, report: 'interrupted' | 'ended' | 'retryAfter', error: ErrorFacts | null, time: number]
  /** A follower's frame, and the leader's word that the link has taken it and all before it. */
  send: [from: string, count: number, frame: Frame]
  sent: [to: string, count: number]
  bye: [from: string, leads: boolean]
}
export type Message = { [Kind in keyof Messages]: [kind: Kind, ...Messages[Kind]] }[keyof Messages]

/** Each kind by the letters of what it is made of. */
const shapes = new Map<unknown, RegExp>([
  ['ask', /^SNNS\(S*\)\((\(N[FX]S\))*\)$/],
  ['claim', /^NN$/],
  ['state', /^SNNN[OX]S\((\(N[FX]S\))*\)$/],
  ['entry', /^NN[FX]S$/],
  ['told', /^NS[OX]N$/],
  ['send', /^SN[SB]$/],
  ['sent', /^SN$/],
  ['bye', /^ST$/],
])

export function isMessage(data: unknown): data is Message {
  return Array.isArray(data) && shapes.get(data[0])?.test(data.slice(1).map(letterOf).join('')) === true
}

function letterOf(value: unknown): string {
  if (typeof value === 'string') return 'S'
  if (typeof value === 'number') return 'N'
  if (typeof value === 'boolean') return 'T'
  if (Array.isArray(value)) return `(${value.map(letterOf).join('')})`
  if (isBytes(value)) return 'B'
  const { data } = (value ?? {}) as Partial<Inbound>
  return !value ? 'X' : typeof data === 'string' || isBytes(data) ? 'F' : 'O'
}

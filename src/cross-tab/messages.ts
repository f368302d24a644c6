/**
 * What tabs say to each other. The channel is open to every script of the origin, old versions of this one included, so
 * whatever arrives is looked at before it is believed. Whoever changes a shape counts `version` up: tabs of another version
 * are a group of their own.
 */
import type { Frame, Inbound } from '../codec.ts'
import { isBytes } from '../codecs/bytes.ts'
import type { ErrorCode, ErrorDetails } from '../errors.ts'
import type { LinkObserver } from '../transport.ts'

export const version = 3

/** Kinds of messages. Every message begins with its own. */
export const ask = 0
export const claim = 1
export const state = 2
export const entry = 3
export const told = 4
export const send = 5
export const sent = 6
export const bye = 7

/**
 * What every tab gets of a frame: the term that it came in, its number, the last id as of it, and the frame itself (`null` where only
 * an id came). Term and number together are the entry's name in all tabs.
 */
export type Entry = [term: number, seq: number, id: string, frame: Inbound | null]

/** The place behind the entry of that name. A tab that has nothing yet is at number -1, in a term that is nobody's. */
export type Position = [term: number, seq: number, id: string]

/**
 * How the leader's link is open. `busy` says that it is busy at times: followers then send one message at a time. `retryAfter` is the
 * wait that the server wishes, in milliseconds, for tabs that were not there when it was told.
 */
export type OpenInfo = NonNullable<Parameters<LinkObserver['opened']>[0]> & {
  readonly busy?: boolean
  retryAfter?: number
}

/** An error, without what cannot cross. */
export type ErrorFacts = ErrorDetails & { readonly code: ErrorCode; readonly message: string }

/**
 * What follows the kind. Every link of a leader is a term, and a tab that knows a newer term does not listen to an older one. The
 * numbers of entries go on through all terms.
 */
export interface Messages {
  /**
   * A follower: the newest term that I know, where I am, which events I listen for. Where it answers a claim, also (`ahead`) the entry
   * behind which the claimant is, and those that came since.
   */
  [ask]: [
    from: string,
    ask: number,
    newest: number,
    at: Position,
    names: readonly string[],
    ahead: readonly Entry[] | null,
  ]
  /** The next leader: I shall lead, and here am I; where are you? */
  [claim]: [at: Position]
  /**
   * The leader, to all (`''`): the term began at this position; a tab that is there goes on, any other asks. Or to one tab, whose
   * question this answers: you are at this position, and have missed these entries.
   */
  [state]: [to: string, ask: number, term: number, info: OpenInfo | null, at: Position, missed: readonly Entry[]]
  [entry]: Entry
  /** The leader's link was interrupted until `retryAt`, or, without that, has ended. */
  [told]: [term: number, error: ErrorFacts, retryAt: number | undefined]
  /**
   * A follower's frame for the leader of this term: `count` is its number, `oldest` that of the follower's oldest which nobody has
   * confirmed.
   */
  [send]: [from: string, term: number, count: number, frame: Frame, oldest: number]
  /** The leader to a follower: the link has taken your frame of this number and all before it. */
  [sent]: [to: string, count: number]
  /** A tab leaves. `leads`: it has led, or claimed the lead. */
  [bye]: [from: string, leads: boolean]
}
export type Message<Kind extends keyof Messages = keyof Messages> = { [K in Kind]: [kind: K, ...Messages[K]] }[Kind]

/** Each kind, and a letter for every part of such a message (see `letterOf`): `<nns>` is a position, `<(<nns[FX]>)*>` are entries. */
const shapes =
  /^(0<nsnn<nns><s*>(<(<nns[FX]>)*>|X)|1<n<nns>|2<nsnn[oX]<nns><(<nns[FX]>)*>|3<nnns[FX]|4<nno[nu]|5<nsnn[sB]n|6<nsn|7<nsb)>$/

export function isMessage(data: unknown): data is Message {
  return shapes.test(`${Object(data)[0]}${letterOf(data)}`)
}

function letterOf(value: unknown): string {
  if (Array.isArray(value)) return `<${value.map(letterOf).join('')}>`
  const { data }: Partial<Inbound> = Object(value)
  if (isBytes(value)) return 'B'
  if (typeof data === 'string' || isBytes(data)) return 'F'
  return value === null ? 'X' : ((typeof value)[0] as string)
}

/**
 * What tabs say to each other. The channel is open to every script of the origin, old versions of this one included, so
 * whatever arrives is looked at before it is believed. Whoever changes a shape counts `version` up: tabs of another version
 * are a group of their own.
 */
import type { Frame, Inbound } from '../codec.ts'
import { isBytes } from '../codecs/bytes.ts'
import type { ErrorCode, ErrorDetails } from '../errors.ts'
import type { LinkObserver } from '../transport.ts'

export const version = 2

/** Kinds of messages, which stand in every one of them. */
export const ask = 0
export const claim = 1
export const state = 2
export const entry = 3
export const told = 4
export const send = 5
export const sent = 6
export const bye = 7

/**
 * One that every tab gets: the term that it came in, its number, the last id as of it, and the frame (`null` where only an id
 * came). Term and number together are its name in all tabs.
 */
export type Entry = [term: number, seq: number, id: string, frame: Inbound | null]

/** Behind an entry of that name. A tab that has nothing yet is at number -1, and its term is nobody's. */
export type Position = [term: number, seq: number, id: string]

/**
 * An open link, as its leader has it, and whether it is one that is busy at times: followers then send one message at a time; with the
 * wait that the server wishes, for those who were not there when it was told.
 */
export type OpenInfo = NonNullable<Parameters<LinkObserver['opened']>[0]> & {
  readonly busy?: boolean
  retryAfter?: number
}

/** An error, without what cannot cross. */
export type ErrorFacts = ErrorDetails & { readonly code: ErrorCode; readonly message: string }

/**
 * `term` counts links of leaders, and whoever knows a newer one does not listen to an older. Numbers go on through all terms.
 */
export interface Messages {
  /**
   * A follower: this is how much I know of terms, here am I, these events I hear; and, where
   * it answers a claim, what that claims to be behind, and what came since.
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
   * The leader, to all (`''`): the term began at this position, where whoever is there goes on and whoever is not asks; by now the
   * newest number is this. Or to one, whose question this answers: you are at this position, and have missed this.
   */
  [state]: [
    to: string,
    ask: number,
    term: number,
    info: OpenInfo | null,
    at: Position,
    seq: number,
    missed: readonly Entry[],
  ]
  [entry]: Entry
  /** The leader's link was interrupted until then, or has ended. */
  [told]: [term: number, error: ErrorFacts, retryAt: number | undefined]
  /**
   * A follower's frame for the leader of this term, with the number of its oldest that nobody has confirmed; and that one's word that
   * the link has taken it and all before it.
   */
  [send]: [from: string, term: number, count: number, frame: Frame, oldest: number]
  [sent]: [to: string, count: number]
  [bye]: [from: string, leads: boolean]
}
export type Message = { [Kind in keyof Messages]: [kind: Kind, ...Messages[Kind]] }[keyof Messages]

/** Each kind with the letters of the whole: `<nns>` is a position, and `<(<nns[FX]>)*>` are entries. */
const shapes =
  /^(0<nsnn<nns><s*>(<(<nns[FX]>)*>|X)|1<n<nns>|2<nsnn[oX]<nns>n<(<nns[FX]>)*>|3<nnns[FX]|4<nno[nu]|5<nsnn[sB]n|6<nsn|7<nsb)>$/

export function isMessage(data: unknown): data is Message {
  return Array.isArray(data) && shapes.test(`${data[0]}${letterOf(data)}`)
}

function letterOf(value: unknown): string {
  if (Array.isArray(value)) return `<${value.map(letterOf).join('')}>`
  const { data } = (value ?? {}) as Partial<Inbound>
  const letter = isBytes(value) ? 'B' : typeof data === 'string' || isBytes(data) ? 'F' : typeof value
  return value === null ? 'X' : (letter[0] as string)
}

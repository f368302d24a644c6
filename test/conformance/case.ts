/** What a case is: what the server answers, and what a client that keeps to the standard makes of it. */
import type { Clause } from './clauses.ts'
import type { Reason } from './reasons.ts'

export const columns = ['node', 'page', 'native'] as const
export type Column = (typeof columns)[number]

/** How one request is answered. `drop` closes the connection instead of an answer. */
export type Answer = 'drop' | Response

export interface Response {
  /** @default 200 */
  readonly status?: number
  /** `content-type` is `text/event-stream` unless it is named here; `undefined` leaves it out. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Each is on the wire before the next one is written. */
  readonly chunks?: readonly (string | Uint8Array)[]
  /** After the chunks: a proper end, a torn connection, or neither. @default 'end' */
  readonly finish?: 'end' | 'cut' | 'stay'
  /** Sends the client to the next answer, at this server. */
  readonly redirect?: 'own' | 'other'
  /** The page's origin is allowed to read it, or every origin is. Only where a request has an origin. */
  readonly allow?: 'origin' | 'any'
  /** `Access-Control-Allow-Credentials: true`. */
  readonly allowCredentials?: boolean
}

/** The event that ends a case. The server sends it to whoever asks again after the last of `answers`; listeners hear no more after it. */
export const lastEvent = 'last-of-the-case'

/** A stream that ends the case itself when everything has been read, so that the client need not come again. */
export function stream(...chunks: readonly (string | Uint8Array)[]): Response {
  return { chunks: [...chunks, `event: ${lastEvent}\ndata:\n\n`], finish: 'stay' }
}

/** What became of the client. */
export type Outcome =
  /** The first link brought everything. */
  | 'open'
  /** It tried again until there was a link. */
  | 'reconnects'
  /** It said that it will not try again. */
  | 'gives up'
  /** It was closed by the page. */
  | 'closed'
  /** It does nothing, for as long as it was watched. */
  | 'waits'

/** Name, data, last event id. */
export type Heard = readonly [name: string, data: string, id: string]

/** What is compared; what is left out may be anything. */
export interface Expected {
  /** Several where the standard leaves it open. */
  readonly outcome: Outcome | readonly Outcome[]
  readonly events?: readonly Heard[]
  readonly requests?: number
  /** The nth request, from 0: header → value, `undefined` for one that is not sent. `:method` and `:path` as in HTTP/2. */
  readonly sent?: Readonly<Record<number, Readonly<Record<string, string | undefined>>>>
  /** Milliseconds between the nth answer's end and the request after it. */
  readonly wait?: { readonly after: number; readonly least?: number; readonly most?: number }
  /** The server saw that the client ended the response. */
  readonly released?: true
  readonly preflights?: number
}

/** Why a client differs, and in what: the rest is as expected. */
export interface Difference {
  readonly because: Reason
  readonly instead: Partial<Expected>
}

export interface Case {
  /** One sentence. */
  readonly name: string
  readonly clause: Clause
  readonly answers: readonly Answer[]
  readonly expected: Expected
  readonly differences?: Partial<Record<Column, Difference>>
  /** Where the first request goes. @default 'own', the server that the page is from */
  readonly from?: 'own' | 'other'
  /** Sends cookies to other origins, too. */
  readonly withCredentials?: boolean
  /** When the page closes the client. */
  readonly closes?: 'on the first event' | 'on the first wait'
  /** The case is over after so many events, where `lastEvent` is not sent. */
  readonly enough?: number
  /** Milliseconds until it counts as waiting. @default 10_000 */
  readonly patience?: number
}

export interface Group {
  readonly title: string
  readonly cases: readonly Case[]
}

export function message(data: string, id = ''): Heard {
  return ['message', data, id]
}

export function differs(
  because: Reason,
  instead: Partial<Expected>,
  ...where: readonly Column[]
): Partial<Record<Column, Difference>> {
  return Object.fromEntries(where.map((column) => [column, { because, instead }]))
}

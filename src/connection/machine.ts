/**
 * The life of a connection as a table: in which status, at which signal, which status follows. Pure: it knows no clock,
 * no link and no listener. The table is total, so a status or signal that somebody adds is a compile error until every
 * cell of it was thought about.
 *
 * What follows from a step is fixed: 'connecting' dials; 'opened' and 'interrupted' keep the link that reported them;
 * every other signal gives up the link there was.
 */
import type { ConnectionState } from '../realtime-client.ts'

const dial = 'connecting'
const open = 'open'
const wait = 'waiting'
const rest = 'suspended'
const shut = 'closed'
/** The signal means nothing here. */
const none = undefined

const statuses = ['idle', dial, open, wait, rest, shut] as const
export type Status = ConnectionState['status']

/** What the machine is told, as a row of the table: which status follows each of `statuses`, in their order. */
export type Signal = Cells<typeof statuses>
/** A missing cell is a compile error. */
type Cells<Columns extends readonly string[]> = { readonly [Column in keyof Columns]: Status | undefined }

// biome-ignore format: a table is read by its columns
export const
  // By the user; `close` also where it was decided not to try again.
  //                     idle  connecting open waiting suspended closed
  connect: Signal =     [dial, none, none, dial, dial, dial],
  reconnect: Signal =   [dial, dial, dial, dial, dial, dial],
  close: Signal =       [shut, shut, shut, shut, shut, none],
  // By the link: it is good, or the platform restores it by itself. Only a link that is restored speaks while 'waiting'.
  opened: Signal =      [none, open, none, open, none, none],
  interrupted: Signal = [none, wait, wait, wait, none, none],
  // When the link, the wait or the rest is over: wait, then try again; or try again now.
  retry: Signal =       [none, wait, wait, wait, wait, none],
  redial: Signal =      [none, dial, dial, dial, dial, none],
  // By the page: rest until it tells otherwise, and then go on.
  pause: Signal =       [none, rest, rest, rest, rest, none],
  proceed: Signal =     [none, none, none, dial, dial, none]

/** `undefined` where the signal changes nothing. */
export function transition(status: Status, signal: Signal): Status | undefined {
  return signal[statuses.indexOf(status)]
}

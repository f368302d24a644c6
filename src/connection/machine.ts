/**
 * The life of a connection as a table: in which status, at which signal, which status follows. Pure: it knows no clock,
 * no link and no listener. The table is total, so a status or signal that somebody adds is a compile error until every
 * cell of it was thought about.
 *
 * What follows from a step is fixed: 'connecting' dials; 'opened' and 'interrupted' keep the link that reported them;
 * every other signal gives up the link there was.
 */
import type { ConnectionState } from '../realtime-client.ts'

export type Status = ConnectionState['status']

/** In the order of the columns. */
const statuses = ['idle', 'connecting', 'open', 'waiting', 'suspended', 'closed'] as const

/** What the machine is told, as a row of the table: for each status the index of the one that follows, or `-` where nothing changes. */
export type Signal = Row<typeof statuses>
/** A missing cell is a compile error. */
type Row<Columns extends readonly unknown[]> = Columns extends readonly [unknown, ...infer Rest]
  ? `${'-' | 1 | 2 | 3 | 4 | 5}${Row<Rest>}`
  : ''

// biome-ignore format: a table is read by its columns
export const
  //                     ╭ idle
  //                     │╭ connecting (1)
  //                     ││╭ open (2)
  //                     │││╭ waiting (3)
  //                     ││││╭ suspended (4)
  //                     │││││╭ closed (5)
  // By the user; `close` also where it was decided not to try again.
  connect: Signal =     '1--111',
  reconnect: Signal =   '111111',
  close: Signal =       '55555-',
  // By the link: it is good, or the platform restores it by itself. Only a link that is restored speaks while 'waiting'.
  opened: Signal =      '-2-2--',
  interrupted: Signal = '-333--',
  // When the link, the wait or the rest is over: wait, then try again; or try again now.
  retry: Signal =       '-3333-',
  redial: Signal =      '-1111-',
  // By the page: rest until it tells otherwise, and then go on.
  pause: Signal =       '-4444-',
  proceed: Signal =     '---11-'

/** `undefined` where the signal changes nothing. */
export function transition(status: Status, signal: Signal): Status | undefined {
  return statuses[+(signal[statuses.indexOf(status)] as string)]
}

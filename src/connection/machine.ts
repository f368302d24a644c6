/**
 * The life of a connection as a table: in which status, at which signal, which status follows. Pure: it knows no clock,
 * no link and no listener. The table is total, so a status or signal that somebody adds is a compile error until every
 * cell of it was thought about.
 *
 * What follows from a step is fixed: 'connecting' dials; 'opened' and 'interrupted' keep the link that reported them;
 * every other signal gives up the link there was.
 */
import type { ConnectionState } from '../realtime-client.ts'

/** 'suspended' belongs to the life of pages, which nothing brings about yet. */
export type Status = Exclude<ConnectionState['status'], 'suspended'>

const dial = 'connecting'
const open = 'open'
const wait = 'waiting'
const shut = 'closed'
/** The signal means nothing here. */
const none = undefined

const statuses: readonly ConnectionState['status'][] = ['idle', dial, open, wait, shut]

/**
 * What the machine is told, as a row of the table: the status that follows each status, in their order. A missing cell is
 * a compile error.
 */
export type Signal = readonly [idle: Cell, connecting: Cell, open: Cell, waiting: Cell, closed: Cell]
type Cell = Status | undefined

// biome-ignore-start format: a table is read by its columns
//                                 idle  connecting open waiting closed
// By the user.
export const connect: Signal = [dial, none, none, dial, dial]
export const reconnect: Signal = [dial, dial, dial, dial, dial]
/** Also where it was decided not to try again. */
export const close: Signal = [shut, shut, shut, shut, none]
// By the link, which while 'waiting' only one has that the platform is restoring.
/** It is good. */
export const opened: Signal = [none, open, none, open, none]
/** The platform restores it by itself. */
export const interrupted: Signal = [none, wait, wait, wait, none]
// When the link or the wait is over.
/** Wait, then try again. */
export const retry: Signal = [none, wait, wait, wait, none]
/** Try again now. */
export const redial: Signal = [none, dial, dial, dial, none]
// biome-ignore-end format: as above

/** `undefined` where the signal changes nothing. */
export function transition(status: ConnectionState['status'], signal: Signal): Status | undefined {
  return signal[statuses.indexOf(status)]
}

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

/**
 * What the machine is told. By the user: 'connect', 'reconnect', 'close'. By the link: 'opened' (it is good),
 * 'interrupted' (the platform restores it by itself). When the link or the wait is over: 'retry' (wait, then try again),
 * 'redial' (try again now); 'close' where it was decided not to.
 */
const signals = ['connect', 'reconnect', 'close', 'opened', 'interrupted', 'retry', 'redial'] as const
export type Signal = (typeof signals)[number]

/** One cell for every signal, in their order; a missing one is a compile error. */
type Cells<Columns extends readonly string[]> = { readonly [Column in keyof Columns]: Status | undefined }

const dial = 'connecting'
const open = 'open'
const wait = 'waiting'
const shut = 'closed'
/** The signal means nothing here. */
const none = undefined

const table: Readonly<Record<Status, Cells<typeof signals>>> = {
  // biome-ignore-start format: a table is read by its columns
  //          connect reconnect close opened interrupted retry redial
  idle: [dial, dial, shut, none, none, none, none],
  connecting: [none, dial, shut, open, wait, wait, dial],
  open: [none, dial, shut, none, wait, wait, dial],
  // With a link, the platform is restoring it; without one, none can report.
  waiting: [dial, dial, shut, open, wait, wait, dial],
  closed: [dial, dial, none, none, none, none, none],
  // biome-ignore-end format: as above
}

/** `undefined` where the signal changes nothing. */
export function transition(status: Status, signal: Signal): Status | undefined {
  return table[status][signals.indexOf(signal)]
}

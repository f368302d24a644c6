/**
 * The life of a connection as a table: in which status, at which signal, which status follows. Pure: it knows no clock,
 * no link and no listener. The table is total, so a status or signal that somebody adds is a compile error until every
 * cell of it was thought about.
 *
 * What follows from entering a status is fixed by the status: 'connecting' dials; 'open' and 'restoring' keep the link
 * they are told of; all others hold none, so that entering them gives it up.
 */

/** Public statuses, and 'restoring': the platform itself restores the link, which the public state calls 'waiting'. */
export type Status = 'idle' | 'connecting' | 'open' | 'waiting' | 'restoring' | 'closed'

/**
 * What the machine is told. By the user: 'connect', 'reconnect', 'close'. By the link: 'opened' (it is good),
 * 'interrupted' (the platform restores it). When the link is over and it was decided what follows: 'retry' (again after
 * a wait), 'redial' (again at once), 'stop' (not again). By the clock: 'due' (the wait is over).
 */
const signals = ['connect', 'reconnect', 'close', 'opened', 'interrupted', 'retry', 'redial', 'stop', 'due'] as const
export type Signal = (typeof signals)[number]

/** One cell for every signal, in their order; a missing one is a compile error. */
type Cells<Columns extends readonly string[]> = { readonly [Column in keyof Columns]: Status | undefined }

const dial = 'connecting'
const open = 'open'
const wait = 'waiting'
const mend = 'restoring'
const shut = 'closed'
/** The signal means nothing here. */
const none = undefined

const table: Readonly<Record<Status, Cells<typeof signals>>> = {
  // biome-ignore-start format: a table is read by its columns
  //          connect reconnect close opened interrupted retry redial stop  due
  idle: [dial, dial, shut, none, none, none, none, shut, none],
  connecting: [none, dial, shut, open, mend, wait, dial, shut, none],
  open: [none, dial, shut, none, mend, wait, dial, shut, none],
  waiting: [dial, dial, shut, none, none, none, none, shut, dial],
  restoring: [dial, dial, shut, open, mend, wait, dial, shut, none],
  closed: [dial, dial, none, none, none, none, none, none, none],
  // biome-ignore-end format: as above
}

/** `undefined` where the signal changes nothing. */
export function transition(status: Status, signal: Signal): Status | undefined {
  return table[status][signals.indexOf(signal)]
}

/** Whether the status is one of a link that lives on. */
export function keepsLink(status: Status): boolean {
  return status === open || status === mend
}

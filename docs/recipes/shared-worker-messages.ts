import type { AnyEvents, ConnectionState, ErrorCode } from 'holdfast'

type EventOf<In> = { [Name in keyof In & string]: [kind: 'event', name: Name, data: In[Name]] }[keyof In & string]

/** What the worker says to a tab. */
export type ToTab<In = AnyEvents> =
  | EventOf<In>
  | [kind: 'state', status: ConnectionState['status'], data?: undefined]
  | [kind: 'error', code: ErrorCode, data?: undefined]

/** And a tab to the worker. The tab has this lock for as long as it lives. */
export type ToWorker = [kind: 'join', lock: string] | [kind: 'send', name: string, data: unknown]

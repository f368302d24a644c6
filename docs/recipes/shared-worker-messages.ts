import type { AnyEvents, ConnectionState, ErrorCode } from 'holdfast'

type EventOf<In> = { [Name in keyof In & string]: [kind: 'event', name: Name, data: In[Name]] }[keyof In & string]

/** What the worker posts to a tab. */
export type ToTab<In = AnyEvents> =
  | EventOf<In>
  | [kind: 'state', status: ConnectionState['status'], data?: undefined]
  | [kind: 'error', code: ErrorCode, data?: undefined]

/** What a tab posts to the worker. The tab holds the Web Lock named `lock` until it leaves or is gone. */
export type ToWorker = [kind: 'join', lock: string] | [kind: 'send', name: string, data: unknown]

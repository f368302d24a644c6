/** One attempt, with everything that it reports. */
import { onTestFinished } from 'vitest'
import type { Inbound } from '../../src/codec.ts'
import type { RealtimeError } from '../../src/errors.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import type { Link, LinkObserver, LinkRequest, Transport } from '../../src/transport.ts'
import { until } from './until.ts'

export interface RecordedLink {
  readonly link: Link
  /** What was reported, in order: 'opened', 'received one', 'ended', … */
  readonly reports: readonly string[]
  /** What had been reported when `open` returned. */
  readonly early: readonly string[]
  readonly frames: readonly Inbound[]
  readonly errors: readonly RealtimeError[]
  opened(): Promise<unknown>
  ended(): Promise<unknown>
}

/** A request as the client makes it, with changes. */
export function linkRequest(changes: Partial<LinkRequest> = {}): LinkRequest {
  const environment = fakeEnvironment()
  return {
    attempt: 1,
    lastEventId: '',
    signal: new AbortController().signal,
    deadline: environment.now() + 10_000,
    events: [],
    maxMessageSize: 16_777_216,
    environment,
    ...changes,
  }
}

/** Opens a link that lives as long as the test. `on` hears each report with the link, once the report was noted. */
export function recordLink(
  transport: Transport,
  changes: Partial<LinkRequest> = {},
  on: Partial<Record<keyof LinkObserver, (link: Link) => void>> = {},
): RecordedLink {
  const reports: string[] = []
  const frames: Inbound[] = []
  const errors: RealtimeError[] = []

  function note(report: keyof LinkObserver, text: string = report): void {
    reports.push(text)
    on[report]?.(link)
  }

  let isAround = false
  const opened = transport.open(linkRequest(changes), {
    opened: () => note('opened'),
    received(frame) {
      frames.push(frame)
      note('received', `received ${typeof frame.data === 'string' ? frame.data : 'bytes'}`)
    },
    // It may come with everything that arrives: only one that comes too early or too late is worth a note.
    alive: () => isAround || note('alive'),
    retryAfter: () => note('retryAfter'),
    interrupted(error) {
      errors.push(error)
      note('interrupted')
    },
    ended(error) {
      isAround = false
      errors.push(error)
      note('ended')
    },
  })
  const link = Object.create(opened, {
    close: {
      value: (...farewell: Parameters<Link['close']>) => {
        isAround = false
        opened.close(...farewell)
      },
    },
  }) as Link
  isAround = true
  onTestFinished(() => link.close())

  const reported = (report: string) => until(report, () => reports.includes(report))
  return {
    link,
    reports,
    early: [...reports],
    frames,
    errors,
    opened: () => reported('opened'),
    ended: () => reported('ended'),
  }
}

/** The client of a page: it hears numbered messages, over `crossTab` or alone, and keeps what is wrong with their order. */
import type { Global } from '../../../src/global.ts'
import type { DuplexClient, DuplexTransport } from '../../../src/index.ts'

export const transports = ['webSocket', 'eventSource', 'fetchStream'] as const
/** `composed` is a list: a WebSocket, or else a stream with an upstream. */
export type TransportName = (typeof transports)[number] | 'composed'

/** What a page has heard: numbers that follow each other, or else what came instead of the one that was due. */
export interface Heard {
  readonly first: number
  readonly last: number
  readonly faults: readonly string[]
  readonly status: string
  /** What carries, while it is open. */
  readonly carrier: string | undefined
  readonly codes: readonly string[]
}

interface Subject {
  readonly client: DuplexClient
  readonly heard: { first: number; last: number; faults: string[]; codes: string[] }
}

declare global {
  interface Window {
    tab: Subject
  }
}

/** Runs in the page, as `startTab` does. */
export function readTab(): Heard {
  const { client, heard } = window.tab
  const { state } = client
  return { ...heard, status: state.status, carrier: state.status === 'open' ? state.transport : undefined }
}

/** Runs in the page, so that it may refer to nothing out here. Tabs with one name share; with `null` each has its own link. */
export function startTab(transport: TransportName, name: string, shared: string | null, leaderTimeout: number): void {
  const { createClient, crossTab, fallback, webSocket, withUpstream, eventSource, fetchStream } = (
    window as unknown as { Holdfast: Global }
  ).Holdfast
  const url = `/link?page=${encodeURIComponent(name)}`
  const socket = webSocket(({ lastEventId }) => `${url}&last=${lastEventId}`)
  const inner = {
    webSocket: () => socket,
    eventSource: () => eventSource(url, { lastEventIdParam: 'last' }) as DuplexTransport,
    fetchStream: () => fetchStream(url) as DuplexTransport,
    composed: () => fallback([socket, withUpstream(fetchStream(url), '/messages')]),
  }[transport]()
  const transported = shared === null ? inner : crossTab(inner, { name: shared, leaderTimeout })
  // Only the codec reads ids inside frames, so that "once" needs `dedupe`.
  const client = createClient(transported, { dedupe: 5000 })
  const heard = { first: 0, last: 0, faults: [] as string[], codes: [] as string[] }
  client.on('n', (number: number) => {
    if (heard.last && number !== heard.last + 1) heard.faults.push(`${number} after ${heard.last}`)
    heard.first ||= number
    heard.last = number
  })
  client.onError(({ code }) => heard.codes.push(code))
  window.tab = { client, heard }
  client.connect()
}

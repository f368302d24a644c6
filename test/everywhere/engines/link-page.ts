/** A client in a page, and everything that it tells. */
import type { Global } from '../../../src/global.ts'
import type { ClientOptions, DuplexClient, DuplexTransport } from '../../../src/index.ts'
import { eventually } from '../../browser/eventually.ts'
import type { Tab } from './engine.ts'

export const transports = ['webSocket', 'eventSource', 'fetchStream'] as const
export type TransportName = (typeof transports)[number]

export interface Told {
  /** Each status. */
  readonly states: readonly string[]
  /** Codes of errors. */
  readonly codes: readonly string[]
  /** Names of the events that were delivered. */
  readonly events: readonly string[]
}

declare global {
  interface Window {
    link: { readonly client: DuplexClient; readonly told: Told }
  }
}

/** Runs in a page that has the built library: makes a client and connects it. */
export function startLink(transport: TransportName, url: string, options: ClientOptions): void {
  const { createClient, webSocket, eventSource, fetchStream } = (window as unknown as { Holdfast: Global }).Holdfast
  const make = {
    webSocket: () => webSocket(url),
    eventSource: () => eventSource(url, { events: ['hello', 'again'] }) as DuplexTransport,
    fetchStream: () => fetchStream(url) as DuplexTransport,
  }
  const told = { states: [] as string[], codes: [] as string[], events: [] as string[] }
  const client = createClient(make[transport](), options)
  client.onState(({ status }) => told.states.push(status))
  client.onError(({ code }) => told.codes.push(code))
  client.onAny((_, { event }) => told.events.push(event))
  window.link = { client, told }
  client.connect()
}

export function readTold(tab: Tab): Promise<Told> {
  return tab.run(() => window.link.told)
}

export function untilState(tab: Tab, status: string): Promise<void> {
  return eventually(async () => (await readTold(tab)).states.at(-1)).toBe(status)
}

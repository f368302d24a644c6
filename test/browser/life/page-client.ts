/** A client inside a page, with everything that it tells, read from outside. */
import type { Page } from 'puppeteer-core'
import type * as holdfast from '../../../src/index.ts'
import { eventually } from '../eventually.ts'

export const transports = ['webSocket', 'eventSource'] as const
export type TransportName = (typeof transports)[number]

/** What can be handed into a page: functions cannot. */
export interface PageClientOptions {
  /** One for each attempt; the last one for all that follow. @default ['/link'] */
  readonly urls?: readonly string[]
  /** A WebSocket is probed with the event `ping`. */
  readonly heartbeat?: { readonly idle: number; readonly timeout: number }
  readonly reconnect?: holdfast.ReconnectOptions
  readonly openTimeout?: number
  readonly lifecycle?: holdfast.LifecycleOptions
}

export interface Diary {
  /** Each change: the status, and its reason or the number of its attempt. */
  readonly states: readonly string[]
  readonly errors: readonly { readonly code: string; readonly message: string; readonly at: number }[]
  /** Names of the events that were delivered, `tick` and `pong` aside. */
  readonly events: readonly string[]
  /** Every time at which the link was probed, in epoch milliseconds. */
  readonly probes: readonly number[]
  /** When anything was last delivered, likewise. */
  readonly heardAt: number
  /** What the page was told of its own life. */
  readonly page: readonly string[]
  /** What the platform told of each socket or source, whether the client listened or not. */
  readonly platform: readonly string[]
}

interface Subject {
  readonly client: holdfast.DuplexClient
  readonly diary: Diary
}

declare global {
  interface Window {
    Holdfast: typeof holdfast
    subject: Subject
  }
}

/** Makes the client of a page and connects it. */
export function startClient(page: Page, transport: TransportName, options: PageClientOptions = {}): Promise<void> {
  return page.evaluate(startSubject, transport, options)
}

/** The same, until it is open. */
export async function openClient(page: Page, transport: TransportName, options?: PageClientOptions): Promise<void> {
  await startClient(page, transport, options)
  await waitForState(page, 'open')
}

export function readDiary(page: Page): Promise<Diary> {
  return page.evaluate(() => window.subject.diary)
}

export function waitForState(page: Page, state: string): Promise<void> {
  return eventually(async () => (await readDiary(page)).states.at(-1)).toBe(state)
}

/** Waits until this is the last thing that the page was told of its own life. */
export function waitForPage(page: Page, told: string): Promise<void> {
  return eventually(async () => (await readDiary(page)).page.at(-1)).toBe(told)
}

export function waitForEvent(page: Page, event: string): Promise<void> {
  return eventually(async () => (await readDiary(page)).events.at(-1)).toBe(event)
}

/** Runs in the page, so that it may refer to nothing out here. */
function startSubject(transport: TransportName, options: PageClientOptions): void {
  const { urls = ['/link'], heartbeat, ...rest } = options
  const { createClient, webSocket, eventSource } = window.Holdfast
  const diary = {
    states: [] as string[],
    errors: [] as { code: string; message: string; at: number }[],
    events: [] as string[],
    probes: [] as number[],
    heardAt: 0,
    page: [] as string[],
    platform: [] as string[],
  }
  let attempts = 0
  let opened = 0
  const url = () => urls[Math.min(attempts++, urls.length - 1)] as string

  function observe(link: EventTarget): void {
    const number = ++opened
    for (const type of ['open', 'error', 'close']) {
      link.addEventListener(type, () => diary.platform.push(`${number} ${type}`))
    }
  }
  class ObservedWebSocket extends WebSocket {
    constructor(where: string | URL, protocols?: string | string[]) {
      super(where, protocols)
      observe(this)
    }
  }
  class ObservedEventSource extends EventSource {
    constructor(where: string | URL, init?: EventSourceInit) {
      super(where, init)
      observe(this)
    }
  }
  const probe = () => {
    diary.probes.push(Date.now())
    return '{"type":"ping"}'
  }

  const client =
    transport === 'webSocket'
      ? createClient(webSocket(url, { WebSocket: ObservedWebSocket }), {
          ...rest,
          heartbeat: heartbeat && { ...heartbeat, probe },
        })
      : (createClient(eventSource(url, { EventSource: ObservedEventSource, events: ['hello', 'again', 'tick'] }), {
          ...rest,
          heartbeat,
        }) as holdfast.DuplexClient)
  client.onState((state) => {
    const { reason, attempt } = state as { reason?: string; attempt?: number }
    diary.states.push([state.status, reason ?? attempt ?? []].flat().join(' '))
  })
  client.onError(({ code, message }) => diary.errors.push({ code, message, at: Date.now() }))
  client.onAny((_, { event, receivedAt }) => {
    diary.heardAt = receivedAt
    if (event !== 'tick' && event !== 'pong') diary.events.push(event)
  })
  for (const type of ['online', 'offline', 'visibilitychange', 'freeze', 'resume', 'pagehide', 'pageshow']) {
    const tell = (event: Event) => {
      const { persisted } = event as PageTransitionEvent
      diary.page.push(type === 'visibilitychange' ? document.visibilityState : type + (persisted ? ' persisted' : ''))
    }
    window.addEventListener(type, tell, true)
  }
  window.subject = { client, diary }
  client.connect()
}

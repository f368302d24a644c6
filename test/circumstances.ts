/** Circumstances that many tests share: a client over fakes with all that it tells, and a transport that may break the contract. */
import {
  type ClientOptions,
  type ConnectionState,
  createClient,
  type DuplexTransport,
  type ErrorCode,
  type Frame,
  isRealtimeError,
  type Link,
  type LinkObserver,
  type LinkRequest,
  type RealtimeError,
} from '../src/index.ts'
import { type FakeEnvironment, type FakeLink, fakeEnvironment, fakeTransport } from '../src/testing/index.ts'

/** What a client has told its listeners so far. */
export interface Told {
  readonly states: readonly ConnectionState[]
  readonly errors: readonly RealtimeError[]
  /** The statuses of `states`. */
  readonly statuses: readonly string[]
  readonly codes: readonly ErrorCode[]
}

/** A client that is 'idle', over a transport whose links the test moves. Random numbers are 0.5 unless told. */
export function given(options: ClientOptions & { readonly environment?: FakeEnvironment } = {}) {
  const transport = fakeTransport()
  return { ...over(transport, options), transport, link: () => newest(transport.links) }
}

/** The same over a transport of the test's own. */
export function over<T extends DuplexTransport>(
  transport: T,
  options: ClientOptions & { readonly environment?: FakeEnvironment } = {},
) {
  const environment = options.environment ?? fakeEnvironment()
  const client = createClient(transport, { ...options, environment })
  return { client, environment, told: listenTo(client) }
}

export function givenConnecting(options: Parameters<typeof given>[0] = {}) {
  const all = given(options)
  all.client.connect()
  return all
}

export function givenOpen(options: Parameters<typeof given>[0] = {}) {
  const all = givenConnecting(options)
  all.link().open()
  return all
}

/** The first try has failed: with random numbers of 0.5 the wait takes 600 ms. */
export function givenWaiting(options: Parameters<typeof given>[0] = {}) {
  const all = givenConnecting(options)
  all.link().end()
  return all
}

/** The page is frozen, and the link that was open is given up. */
export function givenSuspended(options: Parameters<typeof given>[0] = {}) {
  const all = givenOpen(options)
  all.environment.freeze()
  return all
}

/** A client that a failure has closed. */
export function givenFailed(options: Parameters<typeof given>[0] = {}) {
  const all = givenConnecting(options)
  all.link().end({ code: 'refused' })
  return all
}

export function listenTo(client: Pick<ReturnType<typeof createClient>, 'onState' | 'onError'>): Told {
  const states: ConnectionState[] = []
  const errors: RealtimeError[] = []
  client.onState((state) => states.push(state))
  client.onError((error) => errors.push(error))
  return {
    states,
    errors,
    get statuses() {
      return states.map(({ status }) => status)
    },
    get codes() {
      return errors.map(({ code }) => code)
    },
  }
}

/** Every status there is, by the circumstance that leads to it. */
export const everyStatus = [
  ['idle', given],
  ['connecting', givenConnecting],
  ['open', givenOpen],
  ['waiting', givenWaiting],
  ['suspended', givenSuspended],
  ['closed by a failure', givenFailed],
] as const

export function newest<T>(links: readonly T[]): T {
  const link = links.at(-1)
  if (!link) throw new Error('No link was asked for.')
  return link
}

/** How many of these links the client has not closed. */
export function live(links: readonly Pick<FakeLink, 'closed'>[]): number {
  return links.filter(({ closed }) => !closed).length
}

/** A message as the codec `json` reads it. */
export function say(link: Pick<FakeLink, 'receive'>, event: string, data?: unknown, id?: string): void {
  link.receive(JSON.stringify({ type: event, data, id }))
}

/** The payloads of messages as the codec `json` has written them. */
export function payloads(frames: readonly Frame[]): unknown[] {
  return frames.map((frame) => JSON.parse(String(frame)).data)
}

/** Milliseconds from now until the client's next try. */
export function waitOf(all: { client: { state: ConnectionState }; environment: FakeEnvironment }): number {
  const { state } = all.client
  if (state.status !== 'waiting') throw new Error(`It is ${state.status}, not waiting.`)
  return state.retryAt - all.environment.now()
}

/** A link whose observer the test holds in its hands, and may misuse. */
export interface RawLink {
  readonly request: LinkRequest
  readonly observer: LinkObserver
  readonly sent: Frame[]
  closings: number
}

export interface RawBehavior {
  readonly open?: (link: RawLink) => void
  readonly send?: (link: RawLink, frame: Frame) => void
  readonly close?: (link: RawLink) => void
}

/** A transport that the test may have break the contract: it says what happens in `open`, `send` and `close`. */
export function rawTransport(behavior: RawBehavior = {}): DuplexTransport & { readonly links: readonly RawLink[] } {
  const links: RawLink[] = []
  return {
    name: 'raw',
    duplex: true,
    links,
    open(request, observer): Link {
      const link: RawLink = { request, observer, sent: [], closings: 0 }
      links.push(link)
      behavior.open?.(link)
      return {
        send(frame) {
          behavior.send?.(link, frame)
          link.sent.push(frame)
        },
        close() {
          link.closings += 1
          behavior.close?.(link)
        },
      }
    },
  }
}

/** A client over such a transport, with its first link. */
export function givenRaw(behavior: RawBehavior = {}, options: Parameters<typeof over>[1] = {}) {
  const transport = rawTransport(behavior)
  const all = over(transport, options)
  return { ...all, transport, link: () => newest(transport.links) }
}

/** The code of the RealtimeError that `act` throws; `undefined` where it throws nothing. Any other error is thrown on. */
export function codeThrownBy(act: () => void): ErrorCode | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (isRealtimeError(error)) return error.code
    throw error
  }
}

/** Numbers that look random and are the same in every run: https://en.wikipedia.org/wiki/Xorshift */
export function seeded(seed: number): () => number {
  let value = seed
  return () => {
    value ^= value << 13
    value ^= value >>> 17
    value ^= value << 5
    return (value >>> 0) / 2 ** 32
  }
}

/** How many of these times, at most, fall into one window of `window` milliseconds, wherever it begins. */
export function densest(times: readonly number[], window: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  let first = 0
  let most = 0
  for (const [last, time] of sorted.entries()) {
    while (time - (sorted[first] ?? time) >= window) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}

/** A signal that knows who listens to it. */
export function countedSignal() {
  const controller = new AbortController()
  const { signal } = controller
  const listeners = new Set<unknown>()
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...all: Parameters<typeof add>) => {
    listeners.add(all[1])
    add(...all)
  }
  signal.removeEventListener = (...all: Parameters<typeof remove>) => {
    listeners.delete(all[1])
    remove(...all)
  }
  return { abort: () => controller.abort(), signal, listeners }
}

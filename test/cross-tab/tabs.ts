/**
 * Tabs of one origin: clients in one process, each with an environment of its own, that share fakes of BroadcastChannel and Web Locks.
 * The transport is a fake as well, whose links are the connections at the server.
 */
import { expect, type TestContext, vi } from 'vitest'
import { crossTab } from '../../src/cross-tab/index.ts'
import { version } from '../../src/cross-tab/messages.ts'
import {
  type ClientOptions,
  createClient,
  type DuplexClient,
  type DuplexTransport,
  type Handshake,
  type LinkObserver,
  type Meta,
} from '../../src/index.ts'
import { type FakeEnvironment, type FakeTransport, fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'
import { listenTo, live, newest, type Told } from '../circumstances.ts'
import { type FakeChannel, useFakeChannels } from './fake-channels.ts'
import { useFakeLocks } from './fake-locks.ts'

export interface Tab {
  readonly client: DuplexClient
  readonly environment: FakeEnvironment
  readonly told: Told
  /** Payloads of all messages, in order. */
  readonly heard: unknown[]
  readonly metas: Meta[]
}

export interface Origin {
  readonly transport: FakeTransport
  /** The name that its tabs share, unless they are told another. */
  readonly name: string
  /** Opens a tab and connects it. Tabs wait in line for the lead in the order in which they are opened. */
  tab(options?: ClientOptions, name?: string): Tab
  /** The newest connection at the server. */
  link(): FakeTransport['links'][number]
  /** The channels so far: one for each link that a tab has had. */
  readonly channels: readonly FakeChannel[]
  /** Connections that are alive. */
  live(): number
}

let origins = 0

export interface OriginOptions {
  readonly leaderTimeout?: number
  /** How a lock that is free is granted; by default in a microtask. */
  readonly grant?: Parameters<typeof useFakeLocks>[1]
  /** Puts another transport over the fake; the tabs share that one. */
  readonly over?: (transport: FakeTransport) => DuplexTransport
}

export function givenOrigin(test: TestContext, { over, grant, ...options }: OriginOptions = {}): Origin {
  useFakeLocks(test, grant)
  const channels = useFakeChannels(test)
  const transport = fakeTransport()
  const shared = over?.(transport) ?? transport
  origins += 1
  const name = `origin ${origins}`
  return {
    transport,
    name,
    channels,
    link: () => newest(transport.links),
    live: () => live(transport.links),
    tab(clientOptions = {}, ownName = name) {
      const environment = fakeEnvironment()
      const client = createClient(crossTab(shared, { name: ownName, ...options }), { environment, ...clientOptions })
      const heard: unknown[] = []
      const metas: Meta[] = []
      client.onAny((data, meta) => {
        heard.push(data)
        metas.push(meta)
      })
      test.onTestFinished(() => client.close())
      const tab = { client, environment, told: listenTo(client), heard, metas }
      client.connect()
      return tab
    },
  }
}

/** `count` tabs, all of them open; the first one leads. */
export async function givenOpenTabs(
  test: TestContext,
  count: number,
  options: ClientOptions = {},
  originOptions?: OriginOptions,
) {
  const origin = givenOrigin(test, originOptions)
  const leader = origin.tab(options)
  await becomes(() => origin.live(), 1)
  const followers = Array.from({ length: count - 1 }, () => origin.tab(options))
  const tabs = [leader, ...followers]
  origin.link().open()
  await allBecome(tabs, 'open')
  return { ...origin, leader, followers, tabs }
}

/** The same, with the observer of their newest link. */
export async function givenObservedTabs(
  test: TestContext,
  count: number,
  options: ClientOptions = {},
  over: NonNullable<OriginOptions['over']> = (transport) => transport,
) {
  let observer: () => LinkObserver = () => expect.unreachable()
  const all = await givenOpenTabs(test, count, options, {
    over(transport) {
      observer = watchObserver(transport)
      return over(transport)
    },
  })
  return { ...all, observer }
}

/** Two open tabs. The one that follows has heard 1, is frozen since, and has missed these numbers. */
export async function givenSleeper(test: TestContext, missed: readonly number[]) {
  const given = await givenOpenTabs(test, 2)
  const { followers, link } = given
  const sleeper = followers[0] as Tab
  link().receive(numbered(1))
  await becomes(() => sleeper.heard, [1])
  sleeper.environment.freeze()
  for (const number of missed) link().receive(numbered(number))
  return { ...given, sleeper }
}

/** A handshake that ends with the server's welcome. */
export async function untilWelcome({ next }: Pick<Handshake, 'next'>): Promise<void> {
  await next('welcome')
}

/** The channel of these tabs, as another script of the origin has it that speaks this version of the protocol. */
export function joinChannel(test: TestContext, name: string, itsVersion = version): BroadcastChannel {
  const channel = new BroadcastChannel(`holdfast/${itsVersion}/${name}`)
  test.onTestFinished(() => channel.close())
  return channel
}

/** The observer of the newest link, of those that this transport opens from now on. */
export function watchObserver(transport: FakeTransport): () => LinkObserver {
  const observers: LinkObserver[] = []
  const { open } = transport
  vi.spyOn(transport, 'open').mockImplementation((request, observer) => {
    observers.push(observer)
    return open(request, observer)
  })
  return () => newest(observers)
}

/** Waits until `read` gives what is expected, and fails with what it gave last. */
export function becomes<T>(read: () => T, expected: T): Promise<void> {
  return vi.waitFor(() => expect(read()).toEqual(expected), { timeout: 20_000, interval: 2 })
}

/** Waits until what is on its way over channels has arrived, then what was posted in answer, and so on: `hops` times. */
export async function messagesArrive(hops: number): Promise<void> {
  for (let hop = 0; hop < 2 * hops; hop += 1) await new Promise(setImmediate)
}

export async function allBecome(tabs: readonly Tab[], status: string): Promise<void> {
  await becomes(
    () => tabs.map(({ client }) => client.state.status),
    tabs.map(() => status),
  )
}

/** An event as a stream tells it: the id beside the data. */
export function numbered(number: number) {
  return { data: `${number}`, event: 'n', id: `${number}` }
}

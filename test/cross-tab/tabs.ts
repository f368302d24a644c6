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
  /** Opens a tab and connects it. Those who come first wait in line first. */
  tab(options?: ClientOptions, name?: string): Tab
  /** The newest connection at the server. */
  link(): FakeTransport['links'][number]
  /** One for each link of a tab so far. */
  readonly channels: readonly FakeChannel[]
  /** Connections that are alive. */
  live(): number
}

let origins = 0

export interface OriginOptions {
  readonly leaderTimeout?: number
  /** How a lock that is free is granted. */
  readonly grant?: Parameters<typeof useFakeLocks>[1]
  /** What the tabs share instead of the bare fake: something over it. */
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

/** So many tabs, all of them open, the first of which leads. */
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

/** The same, and to whom their newest link reports. */
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

/** Two tabs that are open, of which the one that follows has heard 1, and missed these since it sleeps. */
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

/** Another script on the channel of these tabs. */
export function joinChannel(test: TestContext, name: string, its = version): BroadcastChannel {
  const channel = new BroadcastChannel(`holdfast/${its}/${name}`)
  test.onTestFinished(() => channel.close())
  return channel
}

/** To whom the newest link reports, of those that this transport opens from now on. */
export function watchObserver(transport: FakeTransport): () => LinkObserver {
  const observers: LinkObserver[] = []
  const { open } = transport
  vi.spyOn(transport, 'open').mockImplementation((request, observer) => {
    observers.push(observer)
    return open(request, observer)
  })
  return () => newest(observers)
}

/** Waits until it is so, and fails with what it was at last. */
export function becomes<T>(read: () => T, expected: T): Promise<void> {
  return vi.waitFor(() => expect(read()).toEqual(expected), { timeout: 20_000, interval: 2 })
}

/** Whatever was on its way over channels has arrived, so many times over. */
export async function messages(hops: number): Promise<void> {
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

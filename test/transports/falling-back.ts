/** Circumstances of `fallback`: fakes in a list, under a client, in a page of its own. */
import { type ClientOptions, createClient } from '../../src/index.ts'
import { type FakeEnvironment, type FakeTransport, fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'
import type { FallbackOptions } from '../../src/transports/experience.ts'
import { fallback } from '../../src/transports/fallback.ts'
import { listenTo, newest, waitOf } from '../circumstances.ts'

/** A page's storage, whose entries the test can read and change. */
export function fakeStorage() {
  const entries = new Map<string, string>()
  return {
    entries,
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, text: string) => void entries.set(key, text),
    removeItem: (key: string) => void entries.delete(key),
  }
}

type Options = ClientOptions & FallbackOptions & { readonly environment?: FakeEnvironment }

/** A client over the fakes `first`, `second` and `third` in this order, not yet connected. Random numbers are 0.5: the first wait takes 600 ms. */
export function givenFallback(options: Options = {}) {
  const { rememberFor, environment = fakeEnvironment(), ...rest } = options
  // In memory only, unless the test says otherwise.
  const storage = 'storage' in options ? options.storage : false
  const fakes = ['first', 'second', 'third'].map((name) => fakeTransport({ name }))
  const transport = fallback(fakes, { rememberFor, storage })
  const client = createClient(transport, { ...rest, environment })
  const link = (position: 0 | 1 | 2) => newest((fakes[position] as FakeTransport).links)

  return {
    client,
    environment,
    transport,
    fakes,
    told: listenTo(client),
    /** The newest link of the candidate in this place. */
    link,
    /** How many links each candidate was asked for. */
    dials: () => fakes.map(({ links }) => links.length),
    /** Names of the candidates with a link that is not closed. */
    live: () => fakes.filter(({ links }) => links.some(({ closed }) => !closed)).map(({ name }) => name),
    /** Lets the wait between two attempts pass. */
    nextAttempt: () => environment.advance(waitOf({ client, environment })),
    /** The name of the transport that carries, or the status where the client is not open. */
    carrier: () => (client.state.status === 'open' ? client.state.transport : client.state.status),
  }
}

export type GivenFallback = ReturnType<typeof givenFallback>

/** The second candidate has opened where the first failed. */
export function givenDemoted(options: Options = {}) {
  const all = givenFallback(options)
  all.client.connect()
  all.link(0).end()
  all.link(1).open()
  return all
}

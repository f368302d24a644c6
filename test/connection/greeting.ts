/** Circumstances of the handshake: one that the test settles by hand. */
import type { ClientOptions, ErrorCode, Handshake, RealtimeError } from '../../src/index.ts'
import { given, givenRaw, newest } from '../circumstances.ts'

/** One call of the handshake. */
export interface Greeting {
  readonly link: Handshake
  resolve(): void
  reject(reason: unknown): void
}

/** A handshake that is under way until the test says how it ends. */
export function slowHandshake() {
  const greetings: Greeting[] = []
  const handshake = (link: Handshake) =>
    new Promise<void>((resolve, reject) => {
      greetings.push({ link, resolve, reject })
    })
  return { handshake, greetings, greeting: () => newest(greetings) }
}

/** The first link has opened, and its handshake is under way. */
export function givenGreeting(options: Parameters<typeof given>[0] = {}) {
  const slow = slowHandshake()
  const all = given({ ...options, handshake: slow.handshake })
  all.client.connect()
  all.link().open()
  return { ...all, ...slow }
}

/** The same over a raw transport, whose observer the test has. */
export function givenRawGreeting(behavior: Parameters<typeof givenRaw>[0] = {}) {
  const slow = slowHandshake()
  const all = givenRaw(behavior, { handshake: slow.handshake })
  all.client.connect()
  all.link().observer.opened()
  return { ...all, ...slow }
}

/** The first link has opened with this handshake, which has run as far as it can by itself. */
export async function givenHandshake(
  handshake: NonNullable<ClientOptions['handshake']>,
  options: Parameters<typeof given>[0] = {},
) {
  const all = given({ ...options, handshake })
  all.client.connect()
  all.link().open()
  await all.environment.advance(0)
  return all
}

/** What becomes of a promise: its value, the code it fails with, or 'pending' so far. */
export function outcomeOf(promise: Promise<unknown>): () => unknown {
  let outcome: unknown = 'pending'
  promise.then(
    (value) => {
      outcome = value
    },
    ({ code }: RealtimeError) => {
      outcome = code satisfies ErrorCode
    },
  )
  return () => outcome
}

/** What a client may be made with, as plain data that fast-check can shrink and print, and the options that it means. */
import fc from 'fast-check'
import type { ClientOptions, ReconnectPolicy } from '../../src/index.ts'

/** What a policy answers, one after the other and then from the front: a delay, or something to do. */
export type PolicyAnswer = number | null | 'throws' | 'connect' | 'reconnect' | 'close'

export type DrawnReconnect =
  | { readonly kind: 'off' }
  | { readonly kind: 'policy'; readonly answers: readonly PolicyAnswer[] }
  | {
      readonly kind: 'options'
      readonly minDelay: number
      readonly maxDelay: number
      readonly factor: number
      readonly maxAttempts: number
      readonly stableAfter: number
    }

export interface Drawn {
  readonly reconnect: DrawnReconnect
  readonly heartbeat: 'none' | 'passive' | 'probe'
  readonly idle: number
  /** `manual` is settled by an action, `welcome` by a message of the link. */
  readonly handshake: 'none' | 'sync' | 'async' | 'manual' | 'welcome'
  readonly hidden: 'keep' | number
  readonly queue: false | { readonly maxMessages: number; readonly whenFull: 'throw' | 'drop-oldest' | 'drop-newest' }
  readonly openTimeout: number
  readonly duplex: boolean
  /** Its links lead to this very machine. */
  readonly isLocal: boolean
  readonly random: number
}

const usual = { kind: 'options', minDelay: 1000, maxDelay: 30_000, factor: 2, maxAttempts: Infinity, stableAfter: 5000 }

const answers = fc.constantFrom<PolicyAnswer>(0, 10, 700, 700, 5000, null, 'throws', 'connect', 'reconnect', 'close')

const reconnect = fc.oneof(
  { weight: 3, arbitrary: fc.constant(usual as DrawnReconnect) },
  { weight: 1, arbitrary: fc.constant<DrawnReconnect>({ kind: 'off' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('options' as const),
      minDelay: fc.constantFrom(1000, 100, 0),
      maxDelay: fc.constantFrom(30_000, 1000),
      factor: fc.constantFrom(2, 1),
      maxAttempts: fc.constantFrom(Infinity, 3, 2, 1),
      stableAfter: fc.constantFrom(5000, 100),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('policy' as const),
      answers: fc.array(answers, { minLength: 1, maxLength: 4 }),
    }),
  },
)

export const drawnOptions: fc.Arbitrary<Drawn> = fc.record({
  reconnect,
  heartbeat: fc.constantFrom('none', 'passive', 'probe'),
  idle: fc.constantFrom(30_000, 1000),
  handshake: fc.constantFrom('none', 'none', 'none', 'sync', 'async', 'manual', 'manual', 'welcome'),
  hidden: fc.constantFrom<'keep' | number>('keep', 'keep', 5000, 0),
  queue: fc.oneof(
    fc.constant<Drawn['queue']>({ maxMessages: 256, whenFull: 'throw' }),
    fc.constant<Drawn['queue']>(false),
    fc.record({
      maxMessages: fc.constantFrom(1, 2, 3),
      whenFull: fc.constantFrom('throw', 'drop-oldest', 'drop-newest'),
    }),
  ),
  openTimeout: fc.constantFrom(10_000, 500),
  duplex: fc.constantFrom(true, true, true, false),
  isLocal: fc.constantFrom(false, false, false, false, true),
  random: fc.nat({ max: 1_000_000 }),
})

/** Milliseconds that an answer to a probe may take; without a probe, the silence beyond `idle` after which a link is given up. */
export const heartbeatTimeout = 500
export const maxMessageSize = 300

/** `decide` stands for a drawn policy; `handshake` is what runs where one was drawn. */
export function clientOptions(
  drawn: Drawn,
  decide: ReconnectPolicy,
  handshake: NonNullable<ClientOptions['handshake']>,
): ClientOptions {
  const { kind, ...numbers } = drawn.reconnect
  const heartbeat = { idle: drawn.idle, timeout: heartbeatTimeout }
  return {
    reconnect: kind === 'off' ? false : kind === 'policy' ? decide : numbers,
    ...(drawn.heartbeat === 'passive' && { heartbeat }),
    ...(drawn.heartbeat === 'probe' && { heartbeat: { ...heartbeat, probe: { event: 'ping' } } }),
    ...(drawn.handshake !== 'none' && { handshake }),
    lifecycle: { hidden: drawn.hidden },
    queue: drawn.queue,
    openTimeout: drawn.openTimeout,
    maxMessageSize,
  }
}

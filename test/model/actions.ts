/** What may happen to a client, as plain data: calls of the user's, reports of links, news of the page, and time. */
import fc from 'fast-check'
import type { ErrorCode } from '../../src/index.ts'

export type Call = 'connect' | 'reconnect' | 'close' | 'send'
export type PageNews = 'offline' | 'online' | 'hide' | 'show' | 'freeze' | 'resume' | 'pagehide' | 'pageshow'
export type Report = 'opened' | 'received' | 'ended' | 'interrupted' | 'retryAfter' | 'alive'
export type Heard = 'state' | 'error' | 'news' | 'any'

/** What the next links do by themselves; links without a script wait for what the actions tell. */
export interface Script {
  readonly open:
    | 'hangs'
    | 'opens'
    | 'opens soon'
    | 'opens shared'
    | 'opens and receives'
    | 'opens and ends'
    | 'ends'
    | 'is unauthorized'
    | 'throws'
    | 'throws refused'
    | Exclude<Call, 'send'>
  readonly send: 'takes' | 'throws' | 'throws unauthorized' | 'refuses' | 'answers' | 'ends'
  readonly close: 'quiet' | 'throws' | 'ends' | Call
  /** What a listener to the attempt's signal calls. */
  readonly abort: 'nothing' | Call
}

export type Action =
  | { readonly do: 'call'; readonly call: Call }
  | { readonly do: 'close badly' }
  | { readonly do: 'abort' }
  | { readonly do: 'opened()' }
  | { readonly do: 'lose patience' }
  /** At the notification after `skip` others, a listener does this once. */
  | {
      readonly do: 'react'
      readonly to: Heard
      readonly skip: number
      readonly by: Call | 'throw' | 'listen' | 'unlisten'
    }
  | { readonly do: 'script'; readonly script: Script; readonly links: number }
  | { readonly do: 'link opens'; readonly shared: boolean }
  | { readonly do: 'link receives'; readonly what: 'news' | 'welcome' | 'malformed' | 'large'; readonly id: boolean }
  | { readonly do: 'link ends'; readonly code: ErrorCode; readonly retryAfter: number }
  | { readonly do: 'link is interrupted'; readonly ms: number }
  | { readonly do: 'link asks'; readonly ms: number }
  | { readonly do: 'link is alive' }
  /** One of the links that are over: 0 is the newest of them. */
  | { readonly do: 'old link'; readonly back: number; readonly report: Report }
  | {
      readonly do: 'greet'
      readonly back: number
      readonly how: 'resolve' | 'reject' | 'unauthorized' | 'refused' | 'send'
    }
  | { readonly do: 'page'; readonly news: PageNews }
  | { readonly do: 'wait'; readonly ms: number }
  /** Until the next timer is due. */
  | { readonly do: 'wait for timer' }
  | { readonly do: 'sleep'; readonly ms: number }

const of = fc.constantFrom
const is = <const T>(value: T) => fc.constant(value)
const callNames = of<Call>('connect', 'reconnect', 'close', 'send')

const codes = of<ErrorCode>(
  ...([
    'lost',
    'lost',
    'lost',
    'unreachable',
    'unreachable',
    'unauthorized',
    'unauthorized',
    'timeout',
    'silent',
  ] as const),
  ...(['refused', 'ended', 'not-a-stream', 'insecure', 'too-large'] as const),
)

const script = fc.record({
  open: of<Script['open']>(
    ...(['hangs', 'hangs', 'opens', 'opens soon', 'opens soon', 'opens shared', 'opens and receives'] as const),
    ...([
      'opens and ends',
      'ends',
      'is unauthorized',
      'throws',
      'throws refused',
      'connect',
      'reconnect',
      'close',
    ] as const),
  ),
  send: of<Script['send']>('takes', 'takes', 'takes', 'throws', 'throws unauthorized', 'refuses', 'answers', 'ends'),
  close: of<Script['close']>(
    'quiet',
    'quiet',
    'quiet',
    'quiet',
    'throws',
    'ends',
    'connect',
    'reconnect',
    'close',
    'send',
  ),
  abort: of<Script['abort']>('nothing', 'nothing', 'nothing', 'nothing', 'connect', 'reconnect', 'close', 'send'),
})

type Weighted = readonly [weight: number, arbitrary: fc.Arbitrary<Action>]

const calls: readonly Weighted[] = [
  [
    9,
    fc.record({
      do: is('call'),
      call: of<Call>('connect', 'connect', 'connect', 'reconnect', 'close', 'send', 'send'),
    }),
  ],
  [1, fc.record({ do: is('close badly') })],
  [1, fc.record({ do: is('opened()') })],
  [1, fc.record({ do: is('lose patience') })],
]
const linkNews: readonly Weighted[] = [
  [8, fc.record({ do: is('link opens'), shared: of(false, false, false, true) })],
  [
    5,
    fc.record({ do: is('link receives'), what: of('news', 'news', 'welcome', 'malformed', 'large'), id: fc.boolean() }),
  ],
  [6, fc.record({ do: is('link ends'), code: codes, retryAfter: of(0, 0, 0, 2000, 1e9) })],
  [2, fc.record({ do: is('link is interrupted'), ms: of(0, 100, 3000) })],
  [1, fc.record({ do: is('link asks'), ms: of(0, 100, 5000, 1e12, -1, Number.NaN) })],
  [1, fc.record({ do: is('link is alive') })],
  [
    3,
    fc.record({
      do: is('greet'),
      back: of(0, 0, 0, 1, 2),
      how: of('resolve', 'resolve', 'reject', 'unauthorized', 'refused', 'send'),
    }),
  ],
  [
    3,
    fc.record({
      do: is('old link'),
      back: fc.nat({ max: 3 }),
      report: of<Report>('opened', 'received', 'ended', 'interrupted', 'retryAfter', 'alive'),
    }),
  ],
]
const mischief: readonly Weighted[] = [
  [4, fc.record({ do: is('script'), script, links: of(1, 1, 2, 3) })],
  [
    4,
    fc.record({
      do: is('react'),
      to: of<Heard>('state', 'error', 'news', 'any'),
      skip: fc.nat({ max: 2 }),
      by: fc.oneof(callNames, callNames, of('throw', 'listen', 'unlisten')),
    }),
  ],
  [1, fc.record({ do: is('abort') })],
]
const pageNews: readonly Weighted[] = [
  [
    7,
    fc.record({
      do: is('page'),
      news: of<PageNews>(
        'offline',
        'offline',
        'online',
        'online',
        'hide',
        'show',
        'freeze',
        'resume',
        'pagehide',
        'pageshow',
      ),
    }),
  ],
]
const time: readonly Weighted[] = [
  [4, fc.record({ do: is('wait'), ms: of(0, 10, 150, 600, 2000, 6000, 40_000) })],
  [4, fc.record({ do: is('wait for timer') })],
  [1, fc.record({ do: is('sleep'), ms: of(500, 5000, 3_600_000, -2000) })],
]

/** Lists of tasks: the actions of one task happen in a row, before any promise goes on. */
function tasks(...weighted: readonly (readonly Weighted[])[]): fc.Arbitrary<readonly (readonly Action[])[]> {
  const action = fc.oneof(...weighted.flat().map(([weight, arbitrary]) => ({ weight, arbitrary })))
  const task = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(action) },
    { weight: 1, arbitrary: fc.array(action, { minLength: 2, maxLength: 3, size: 'max' }) },
  )
  return fc.array(task, { maxLength: 40, size: 'max' })
}

/** Tasks that keep to the contract of transports, so that the model can say what follows. */
export const orderly = tasks(calls, linkNews, pageNews, time)
/** The same with listeners that call, links that report out of turn, and an owner who gives up. */
export const disorderly = tasks(calls, linkNews, pageNews, time, mischief)

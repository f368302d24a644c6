/** What happens to the network, and how soon a client has to be back. All times are milliseconds. */
import type { ClientPlan } from './client.ts'
import type { Pair } from './namespaces.ts'

/** The heartbeat of a user who wants to notice a dead link early. */
const heartbeat = { idle: 2000, timeout: 1000, probe: { event: 'probe' } }
export const noticing: number = heartbeat.idle + heartbeat.timeout

/** What processes on a busy machine need to be scheduled, and packets of a healthy network to go to and fro. */
const margin = 1000

/** How a client is set up, and how long it may need from the moment the network is back. */
export interface Setup {
  readonly options: ClientPlan['options']
  /**
   * Where packets vanish, the network comes back to a client in one of three moments. It has not noticed: that takes `idle +
   * timeout` at most. It waits: one backoff. It dials: the first packet of the dial is gone, and the system sends it again
   * after 1, 2, 3, 4, 5, 7 and 11 s (Linux since 6.5; before, after 1, 3, 7 and 15 s), so that the dial may either open at
   * the next of these or run into `openTimeout`. Then one backoff follows, and the next dial opens at once. So the bound
   * is the longer of `idle + timeout` and `openTimeout`, and one backoff.
   */
  readonly afterSilence: number
  /** Where dials fail at once nothing can hang: one backoff. */
  readonly afterRefusal: number
}

/** `openTimeout` is as long as `idle + timeout`, so that a dial hangs no longer than a dead link is believed in. */
export const quick: Setup = {
  options: { heartbeat, openTimeout: noticing, reconnect: { minDelay: 500, maxDelay: 2000 } },
  afterSilence: noticing + 2000 + margin,
  afterRefusal: 2000 + margin,
}

/** With `openTimeout` and `reconnect` as they are by default. 30 s have room for three dials: the next wait is 4 s at most. */
export const usual: Setup = {
  options: { heartbeat },
  afterSilence: 10_000 + 4000 + margin,
  afterRefusal: 8000 + margin,
}

export interface Scenario {
  readonly name: string
  /** What it shows for a transport, beginning with the rules. */
  readonly shows: { readonly [Transport in ClientPlan['transport']]: string }
  /** How long the fault lasts. */
  readonly lasts: number
  inflict(pair: Pair, ports: readonly number[]): void
  cure(pair: Pair): void
  /** How soon the loss must be noticed; `undefined` where the link may well survive. */
  readonly noticedWithin: number | undefined
  /** The error by which it is noticed, where there is only one. */
  readonly noticedAs: string | undefined
  /** How soon after the cure a link must be open again. */
  readonly back: (setup: Setup) => number
  readonly acknowledges: boolean
  readonly writeEvery: number
}

export const blackhole: Scenario = {
  name: 'every packet dropped for 30 s',
  shows: {
    webSocket: '[HB1][CN5][SQ2] a link that fell silent is replaced, once, and what was queued arrives once, in order',
    eventSource: '[HB3][CN5] a stream that fell silent is replaced, once, and resumes without a gap',
  },
  lasts: 30_000,
  inflict: (pair) => pair.blackhole(),
  cure: (pair) => pair.cure(),
  noticedWithin: noticing + margin,
  noticedAs: 'silent',
  back: (setup) => setup.afterSilence,
  acknowledges: false,
  writeEvery: 250,
}

export const unplugged: Scenario = {
  ...blackhole,
  name: 'link down for 8 s',
  shows: {
    webSocket:
      '[HB1][CN5][SQ2] a link whose cable is pulled is replaced, once, and what was queued arrives once, in order',
    eventSource: '[HB3][CN5] a stream whose cable is pulled is replaced, once, and resumes without a gap',
  },
  lasts: 8000,
  inflict: (pair) => pair.unplug(),
  cure: (pair) => pair.plug(),
  // The system may tell its programs, or let them find out.
  noticedAs: undefined,
}

export const rejected: Scenario = {
  ...blackhole,
  name: 'every packet answered by a reset for 5 s',
  shows: {
    webSocket: '[CN5][SQ2] a link that is reset is replaced, once, and what was queued arrives once, in order',
    eventSource: '[CN5] a stream that is reset is replaced, once, and resumes without a gap',
  },
  lasts: 5000,
  inflict: (pair) => pair.reject(),
  noticedAs: 'lost',
  back: (setup) => setup.afterRefusal,
}

export const lossy: Scenario = {
  ...blackhole,
  name: '30 % of the packets lost for 20 s',
  shows: {
    webSocket: '[CN5] a link survives or recovers, and messages that are acknowledged arrive once, in order',
    eventSource: '[CN5] a stream survives or recovers, without a gap',
  },
  lasts: 20_000,
  inflict: (pair) => pair.lose(0.3),
  noticedWithin: undefined,
  noticedAs: undefined,
  acknowledges: true,
}

export const killed: Scenario = {
  ...blackhole,
  name: 'socket killed by the system',
  shows: {
    webSocket: '[CN5][SQ2] a killed socket is noticed at once and replaced, once',
    eventSource: '[CN5] a stream whose socket is killed is replaced, once, and resumes without a gap',
  },
  lasts: 0,
  inflict(pair, ports) {
    for (const port of ports) {
      if (pair.killSockets(port) === 0) throw new Error('`ss -K` killed nothing: the kernel lacks INET_DIAG_DESTROY')
    }
  },
  cure: () => {},
  noticedWithin: margin,
  noticedAs: 'lost',
  // The first wait is drawn from `minDelay`.
  back: () => 500 + margin,
  writeEvery: 20,
}

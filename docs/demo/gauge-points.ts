/**
 * The points of the dashboard, `/dashboard`: readings of the harbour's gauges, several thousand a second, each in a frame of its
 * own. For a page that does not keep up points are left out, and the gaps in their numbers tell it how many.
 */
import { isCount, parseFrame } from './frame-fields.ts'
import type { Guest, Line } from './frame-socket.ts'

export type GaugeFrame =
  | { readonly type: 'rate'; readonly perSecond: number }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'ping' }

export const gauges = ['tide', 'wind', 'swell'] as const
export const highestRate = 20_000
const interval = 10
/** While more bytes than this wait for a page, points are left out. */
const mostUnsent = 262_144

/** `undefined` for whatever is not a frame that the dashboard would send. */
export function readGaugeFrame(raw: string): GaugeFrame | undefined {
  const frame = parseFrame(raw)
  switch (frame?.type) {
    case 'ping':
    case 'pause':
    case 'resume':
      return { type: frame.type }
    case 'rate': {
      const { perSecond } = frame.data
      return isCount(perSecond, highestRate) && perSecond > 0 ? { type: 'rate', perSecond } : undefined
    }
    default:
      return undefined
  }
}

/** Sends points once the page has said how many a second, until it pauses them or leaves. */
export function pourPoints(line: Line): Guest<GaugeFrame> {
  let rate = 0
  let number = 0
  /** The number of the next point when the rate was last set, or a pause began or ended, and the time of that. */
  let dueBefore = 0
  let since = Date.now()
  let isPaused = false
  let timer: NodeJS.Timeout | undefined
  let isIn = true

  function pour(): void {
    const due = dueBefore + Math.floor(((Date.now() - since) * rate) / 1000)
    for (; number < due; number += 1) {
      if (line.unsent > mostUnsent) {
        number = due
        return
      }
      const gauge = number % gauges.length
      // The time at which it was due: a timer that comes late sends several at once.
      const time = since + ((number - dueBefore) * 1000) / rate
      line.send('point', { number, gauge, value: reading(gauge, time / 1000), time })
    }
  }

  function begin(): void {
    dueBefore = number
    since = Date.now()
  }

  return {
    receive(frame) {
      if (!isIn) return
      if (frame.type === 'ping') return line.send('pong', undefined)

      if (frame.type === 'rate') rate = frame.perSecond
      else isPaused = frame.type === 'pause'
      clearInterval(timer)
      timer = isPaused || rate === 0 ? undefined : setInterval(pour, interval)
      begin()
    },
    leave() {
      isIn = false
      clearInterval(timer)
    },
  }
}

/** From 0 to 100: each gauge has a level of its own, with two waves and some noise around it. */
function reading(gauge: number, seconds: number): number {
  const level = [62, 38, 16][gauge] ?? 50
  const slow = Math.sin(seconds / (3 + gauge) + gauge) * 10
  const fast = Math.sin(seconds * (2 + gauge)) * 3
  return Math.round((level + slow + fast + (Math.random() - 0.5) * 6) * 100) / 100
}

/** Judges every dial by what is known of the one before it: its number, its distance, and whether it may be at all. */
import type { RealtimeError } from '../../src/index.ts'
import type { Drawn } from './options.ts'
import type { ScriptedLink } from './scripted-transport.ts'

export interface Dials {
  /** Runs a call of the user's: what it dials first counts as the user's. */
  byUser(act: () => void): void
  /** Runs what the page tells: what is dialed in this task counts as the page's. */
  byPage(act: () => void): void
  /** The user, the owner or a failure has closed the client: only a call of the user's may dial. */
  shut(isShut: boolean): void
  /** `error` is that of the state: what the attempt is told may be an older refusal. */
  dialed(link: ScriptedLink, error: RealtimeError | undefined): void
  released(link: ScriptedLink): void
  /** This failure is reported now. */
  reported(error: RealtimeError): void
  clockSetBack(): void
}

/** What the judge asks about the time. */
export interface Clocks {
  now(): number
  /** The time without what was slept. */
  awake(): number
  isHidden(): boolean
}

interface Dial {
  readonly link: ScriptedLink
  readonly attempt: number
  readonly error: RealtimeError | undefined
  over?: { readonly awake: number; readonly now: number; readonly isStable: boolean; readonly isHidden: boolean }
}

export function judgeDials(drawn: Drawn, clocks: Clocks, wrong: (rule: string, text: string) => void): Dials {
  const options = drawn.reconnect.kind === 'options' ? drawn.reconnect : undefined
  const stableAfter = options?.stableAfter ?? 5000
  const reports = new WeakMap<RealtimeError, number>()
  let previous: Dial | undefined
  let isByUser = false
  let isByPage = false
  let isShut = true
  let isClockTrue = true
  let dials = 0
  /** Tries in a row, in sight, that led to no stable link. */
  let failures = 0

  function judgeNumber(attempt: number, error: RealtimeError | undefined, before: Dial): void {
    const isFailure = error !== undefined && error !== before.error
    const base = before.over?.isStable ? 1 : before.attempt + (isFailure ? 1 : 0)
    if (base === 1) failures = 0
    else if (isFailure && !before.over?.isHidden) failures += 1
    // While the platform restores a link, the client counts only what had opened, and closes for none of it.
    if (before.link.interrupted) {
      failures = 0
      return
    }
    if (options && failures >= options.maxAttempts) wrong('CN10', `try ${attempt} after ${failures} failures in a row`)
    if (attempt !== base) wrong('BO8', `the try after ${before.attempt} is ${attempt}, not ${base}`)
  }

  function judgeDistance(error: RealtimeError | undefined, { over, error: known }: Dial): void {
    if (!over || error?.code === 'unauthorized') return
    const least = (options?.minDelay ?? 0) * 0.2
    const gap = Math.max(clocks.awake() - over.awake, clocks.now() - over.now)
    if (!isByPage && gap < least) wrong('BO3', `a try came ${gap} ms after the one before it, sooner than ${least}`)

    // A wait that the server asked for before the user's own try no longer counts.
    const reported = error && error !== known ? reports.get(error) : undefined
    if (!options || reported === undefined || !isClockTrue) return
    const asked = Math.min(error?.retryAfter ?? 0, 10 * options.maxDelay)
    if (clocks.now() < reported + asked) wrong('BO5', `the server asked for ${asked} ms, and a try came before`)
  }

  return {
    byUser(act) {
      const outer = isByUser
      const before = dials
      isByUser = true
      act()
      isByUser = outer && dials === before
    },
    byPage(act) {
      isByPage = true
      act()
      // What the page tells may have to wait for a handshake to ask for its next message.
      setImmediate(() => {
        isByPage = false
      })
    },
    shut(value) {
      isShut = value
    },
    dialed(link, error) {
      const { attempt } = link.request
      if (isShut) wrong('CN11', 'a closed client dialed')
      if (isByUser) {
        if (attempt !== 1) wrong('CN10', `the user's try is number ${attempt}`)
        failures = 0
      } else if (previous) {
        judgeNumber(attempt, error, previous)
        judgeDistance(error, previous)
      }
      link.byUser = isByUser
      isByUser = false
      dials += 1
      previous = { link, attempt, error }
    },
    released(link) {
      if (previous?.link !== link || previous.over) return
      const { openSince, interrupted } = link
      const now = clocks.now()
      const isStable = openSince !== undefined && !interrupted && Math.abs(now - openSince) >= stableAfter
      previous.over = { awake: clocks.awake(), now, isStable, isHidden: clocks.isHidden() }
    },
    reported(error) {
      reports.set(error, clocks.now())
    },
    clockSetBack() {
      isClockTrue = false
    },
  }
}

/**
 * What the life of the page means for a connection. Knows no link: it says when to rest, when to go on, and when to look
 * whether the link is alive.
 *
 * Freezing: https://wicg.github.io/page-lifecycle/ · the back/forward cache:
 * https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-pagetransitionevent-interface · online and offline:
 * https://html.spec.whatwg.org/multipage/system-state.html#event-online
 */
import type { Environment, PageEvent } from '../environment.ts'
import { mustBeNumbers } from '../errors.ts'
import type { ConnectionState, LifecycleOptions } from '../realtime-client.ts'
import type { Turns } from './turns.ts'

export type SuspendReason = Extract<ConnectionState, { status: 'suspended' }>['reason']

export interface PageLifecycle {
  /** The platform has said so, and nothing has disproved it yet. */
  isOffline: boolean
  /** Whether to listen to the page. */
  watch(isWatching: boolean): void
}

/** A connection, as far as its page is concerned. */
export interface Resident {
  state(): ConnectionState
  /** Looks whether the link is alive, at once where there is reason to doubt it. */
  check(isDoubtful: boolean): void
  suspend(reason: SuspendReason): void
  /** Ends a wait or a rest. */
  goOn(): void
}

/** What of a page's news cures which rest; a return from a freeze cures any. */
const cures: { readonly [Event in PageEvent]?: SuspendReason } = { online: 'offline', visibilitychange: 'hidden' }

/** `arrive` gives each event of the page a turn of its own. */
export function createPageLifecycle(
  environment: Environment,
  { hidden = 'keep' }: LifecycleOptions = {},
  arrive: Turns['arrive'],
  { state, check, suspend, goOn }: Resident,
): PageLifecycle {
  if (hidden !== 'keep') mustBeNumbers(0, { hidden })

  let stop: (() => void) | undefined
  let cancelHiding: (() => void) | undefined
  const isHidden = () => environment.isHidden?.()

  function countHiding(): void {
    cancelHiding?.()
    // A page that was frozen may not tell that it is visible again: it is asked when the time is over.
    const rest = () => isHidden() && suspend('hidden')
    cancelHiding = hidden !== 'keep' && isHidden() ? environment.setTimer(() => arrive(rest), hidden) : undefined
  }

  function hear(event: PageEvent): void {
    const isBack = event === 'resume' || event === 'pageshow'
    const isUnseen = event !== 'online' && isHidden()
    if (event === 'visibilitychange') countHiding()
    page.isOffline = event === 'offline' || (page.isOffline && event !== 'online')
    check(event === 'offline')

    const { reason = cures[event] } = state() as { readonly reason?: SuspendReason }
    if (event === 'freeze' || event === 'pagehide') suspend('frozen')
    else if (event === 'offline') suspend('offline')
    else if (isBack && isUnseen && hidden !== 'keep') suspend('hidden')
    else if (isBack || (!isUnseen && reason === cures[event])) goOn()
  }

  const page: PageLifecycle = {
    isOffline: false,
    watch(isWatching) {
      if (isWatching === !!stop) return
      stop?.()
      cancelHiding?.()
      stop = isWatching ? (environment.watchPage?.((event) => arrive(hear, event)) ?? (() => {})) : undefined
      if (isWatching) countHiding()
    },
  }
  return page
}

/**
 * Follows the page of a client: counts how long nobody sees it, and keeps what the platform believes of the network. What an
 * event means is decided in `page-lifecycle.ts`, and what follows is the connection's. Knows no link and no signal of the machine.
 */
import type { Environment, PageEvent } from '../environment.ts'
import { mustBeNumbers } from '../errors.ts'
import type { ConnectionState, LifecycleOptions } from '../realtime-client.ts'
import { pageDecision, type RestReason } from './page-lifecycle.ts'
import type { Turns } from './turns.ts'

export interface PageWatch {
  /** The platform says that there is no network. Whoever dials in spite of that says otherwise, and sets it back. */
  isOffline: boolean
  /**
   * For each new generation, in its state: listens until that is aborted, and counts from now on, unless it counts
   * already. Where the client is closed it ends counting instead.
   */
  watch(generation: AbortController): void
}

/** `check` has a link judged that may have died; in doubt, where the platform says that there is no network. */
export function createPageWatch(
  environment: Environment,
  option: LifecycleOptions | undefined,
  turns: Pick<Turns, 'act' | 'arrive'>,
  current: () => ConnectionState,
  check: (isDoubtful: boolean) => void,
  suspend: (reason: RestReason) => void,
  goOn: () => void,
): PageWatch {
  const { hidden = 'keep' }: LifecycleOptions = Object(option)
  if (hidden !== 'keep') mustBeNumbers(0, { hidden })
  let cancelHiding: (() => void) | undefined

  /** Starts the time after which a hidden page gives up its link. */
  function countHiding(): void {
    cancelHiding?.()
    if (hidden !== 'keep') cancelHiding = environment.setTimer(() => turns.act(onHidden), hidden)
  }

  function onHidden(): void {
    cancelHiding = undefined
    // A page that was frozen may not tell that it is visible again, so it is asked when the time is over.
    if (environment.isHidden?.()) suspend('hidden')
  }

  function onPage(event: PageEvent): void {
    // The event had to wait, and meanwhile a listener has closed the client.
    if (current().status === 'closed') return
    if (event === 'visibilitychange') countHiding()
    // A page in the back/forward cache is not told that the network is back.
    page.isOffline = event === 'offline' || (page.isOffline && event !== 'online' && event !== 'pageshow')
    check(event === 'offline')

    const decision = pageDecision(
      event,
      (current() as { readonly reason?: RestReason }).reason,
      environment.isHidden?.(),
    )
    if (decision === true) goOn()
    else if (decision) suspend(decision)
  }

  const page: PageWatch = {
    isOffline: false,
    watch(generation) {
      const { status } = current()
      if (status === 'closed') {
        cancelHiding?.()
        cancelHiding = undefined
      } else if (status !== 'idle') {
        environment.watchPage?.((event) => turns.arrive(onPage, event), generation.signal)
        // Where that time is over and the page still hidden, the next link has all of it again.
        if (!cancelHiding && status !== 'suspended') countHiding()
      }
    },
  }
  return page
}

/**
 * What the life of the page means for a connection. Pure: what it decides, the connection carries out.
 *
 * Freezing: https://wicg.github.io/page-lifecycle/ · the back/forward cache:
 * https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-pagetransitionevent-interface · online and offline:
 * https://html.spec.whatwg.org/multipage/system-state.html#event-online
 */
import type { PageEvent } from '../environment.ts'
import type { ConnectionState } from '../realtime-client.ts'

/** Why a client rests. */
export type RestReason = Extract<ConnectionState, { status: 'suspended' }>['reason']

/**
 * The reason to rest from now on, `true` to go on, `undefined` where nothing changes. `reason` is why the client rests
 * already.
 */
export function pageDecision(
  event: PageEvent,
  reason: RestReason | undefined,
  isHidden: boolean | undefined,
): RestReason | true | undefined {
  // A client that rests because its page is hidden goes on when that is shown, whatever else the browser does to it.
  if (event === 'freeze' || event === 'pagehide') return reason === 'hidden' ? reason : 'frozen'
  if (event === 'offline') return event
  if (isHidden && (event === 'visibilitychange' || reason === 'hidden')) return
  // The reason that this event takes away: `resume` and `pageshow` take away any.
  const cured = event === 'online' ? 'offline' : event === 'visibilitychange' ? 'hidden' : reason
  if ((reason ?? cured) === cured) return true
}

/** Waits for what a peer sees. */
import type { Circumstance, Seen } from './circumstances.ts'
import { recordLink } from './recorded-link.ts'
import { until } from './until.ts'

export function seenBy(peer: Pick<Circumstance, 'seen'>, condition: (seen: Seen) => boolean): Promise<boolean> {
  return until(`the peer sees ${condition}`, async () => condition(await peer.seen()))
}

/** The peer was asked for a link. */
export function dialed(peer: Pick<Circumstance, 'seen'>): Promise<boolean> {
  return seenBy(peer, ({ dials }) => dials > 0)
}

/** The peer was asked for a link, and none is left. What the link had to say has been said by then. */
export function gone(peer: Pick<Circumstance, 'seen'>): Promise<boolean> {
  return seenBy(peer, ({ dials, live }) => dials > 0 && live === 0)
}

/** A later link to the peer has opened, so that whatever an earlier one was going to do it has done. */
export async function openNext({ transport }: Circumstance): Promise<void> {
  await recordLink(transport).opened()
}

/** The transport that all tabs share. Knows what the platform must have, and what outlives one link of a tab. */
import { mustBeFunction, mustBeNumbers, mustBeText } from '../errors.ts'
import type { DuplexTransport, LinkRequest, LinkSession, Transport } from '../transport.ts'
import { createMemory, type Memory } from './memory.ts'
import { version } from './messages.ts'
import { joinTabs } from './tab.ts'

/** Which tabs share a link, and when a leader is given up. */
export interface CrossTabOptions {
  /**
   * Tabs of the origin with the same name share one link. Users who must not see each other's messages need different names: put
   * the user's id into it.
   */
  readonly name: string
  /** Milliseconds of silence after which a leader is replaced. @default 5000 */
  readonly leaderTimeout?: number | undefined
}

/**
 * One real link for all tabs of the origin that use the same `name`, over the same transport with the same options.
 *
 * One tab leads: it opens `transport`, runs its client's handshake and heartbeat, and hands everything on. The others follow:
 * they get every message once and in order, send through the leader, and are open when it is; their own `handshake` does not run.
 * When the leader's tab is closed, crashes, freezes or says nothing for `leaderTimeout`, another one takes over and goes on from
 * the last id; the state is 'waiting' meanwhile, with an 'aborted' in `onError`, which counts as no failure.
 *
 * Where ids are inside frames that only the codec reads (WebSocket), "once" needs `dedupe` on the client as soon as the leader
 * changes. What a tab has sent is sent again by the next leader unless the one before has confirmed it: at least once.
 *
 * Without Web Locks or BroadcastChannel (both need a secure context, or localhost) each tab has a link of its own.
 *
 * @example
 * const client = createClient(crossTab(webSocket('/live'), { name: 'live' }))
 */
export function crossTab(transport: DuplexTransport, options: CrossTabOptions): DuplexTransport
export function crossTab(transport: Transport, options: CrossTabOptions): Transport
export function crossTab(transport: Transport, options: CrossTabOptions): Transport {
  const { name, leaderTimeout = 5000 } = options ?? {}
  mustBeFunction(transport?.open, 'transport.open')
  // '' is no name, either.
  mustBeText(name || undefined, 'The name')
  mustBeNumbers(1, { leaderTimeout })
  /** What a tab keeps from one of its links to the next. A transport is shared by several clients. */
  const memories = new WeakMap<LinkSession | LinkRequest, Memory>()

  return {
    ...transport,
    open(request, observer) {
      const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks
      const group = `holdfast/${version}/${name}`
      let channel: BroadcastChannel | undefined
      try {
        channel = locks && new BroadcastChannel(group)
      } catch {
        // There is no BroadcastChannel, or it is forbidden: in Firefox where storage is blocked, as in frames of other sites.
      }
      if (!channel) return transport.open(request, observer)

      const owner = request.session ?? request
      const memory = memories.get(owner) ?? createMemory()
      memories.set(owner, memory)
      return joinTabs(transport, group, channel, leaderTimeout, locks as LockManager, memory, request, observer)
    },
  }
}

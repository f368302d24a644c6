/** What holds after every task, whatever happened in it. */
import { getEventListeners } from 'node:events'
import { isRealtimeError } from '../../src/index.ts'
import { isLive, plain } from './scripted-transport.ts'
import type { World } from './world.ts'

export function checkInvariants(world: World): void {
  checkState(world)
  checkLinks(world)
  checkLeaks(world)
  checkHopes(world)
}

function checkState({ client, witness, environment, timers, sent, transport, wrong }: World): void {
  const { state } = client
  if (state !== client.state || state !== witness.state) wrong('CN3', `${state.status} is not what was told last`)
  if (!Object.isFrozen(state)) wrong('CN3', `${state.status} is not frozen`)
  if (state.status === 'waiting' || state.status === 'connecting') {
    if (!timers.size) wrong('CN7', `it is ${state.status} for ever`)
  }
  const { open, send } = transport.live()?.script ?? plain
  // A link that opens inside of `open` may find the queue without the frame whose `send` has led to this dial: the client queues that frame only afterwards.
  const excused = send === 'refuses' || open !== 'hangs'
  if (state.status === 'open' && sent.held.length && !excused) wrong('SQ2', `${sent.held} wait while it is open`)
  if (state.status === 'closed' && sent.held.length) wrong('SQ4', `${sent.held} wait while it is closed`)
  if (sent.missing) wrong('SQ4', `${sent.missing} messages are gone, and nobody was told`)
  if (!client.lastEventId.match(/^(\d+\.\d+)?$/)) wrong('CN4', `lastEventId is ${client.lastEventId}`)
  if (environment.held < timers.size) wrong('CN2', 'a timer fired that was cancelled')
}

function checkLinks({ client, transport, wrong }: World): void {
  const { status } = client.state
  const unclosed = transport.links.filter(({ held, closings }) => held && !closings)
  const [link] = unclosed
  const say = (text: string) => wrong('CN5', `${status} with ${text}`)
  if (unclosed.length > 1) return say(`${unclosed.length} links`)

  if (status === 'connecting' || status === 'open') {
    if (!link || !isLive(link)) say('no live link')
    else if (status === 'open' && !link.opened) say('a link that is not')
  } else if (status === 'waiting') {
    if (link && !link.interrupted) say('a link that nobody restores')
  } else if (link) say('a link')
  if (link?.request.signal.aborted) wrong('CN4', 'the signal of a live link is aborted')
  const deaf = transport.links.find((one) => one !== link && !one.request.signal.aborted)
  if (deaf) wrong('CN2', `the signal of link ${deaf.index} is not aborted, and the link is over`)
}

function checkLeaks({ client, environment, owner, wrong }: World): void {
  const { status } = client.state
  const listeners = getEventListeners(owner.signal, 'abort').length
  if (status !== 'closed') {
    if (listeners !== (owner.signal.aborted ? 0 : 1))
      wrong('CN2', `${listeners} listeners to the owner while ${status}`)
    return
  }
  if (listeners) wrong('CN2', `${listeners} listeners to the owner's signal are left`)
  if (environment.held) wrong('CN2', `${environment.held} timers and page listeners are left`)
}

function checkHopes({ client, hopes, wrong }: World): void {
  const { status } = client.state
  for (const { outcome, patience } of hopes) {
    const isPending = outcome === 'pending'
    if (isPending && (status === 'open' || status === 'closed')) wrong('CN15', `opened() is pending while ${status}`)
    if (isPending && patience.signal.aborted) wrong('CN15', 'opened() is pending without patience')
    if (isPending) continue

    const left = getEventListeners(patience.signal, 'abort').length
    if (left) wrong('CN15', 'opened() has settled, and listens on')
    if (outcome === 'resolved' || outcome.rejected === patience.signal.reason) continue
    if (!isRealtimeError(outcome.rejected)) wrong('CN15', `opened() failed with ${outcome.rejected}`)
  }
}

/**
 * One tab among those of its name, from `open` until its link is over. It follows, or claims the lead when it is granted the lock, or
 * leads. Entries have names that all tabs agree on, so that each knows what it has missed, and the leader whom it can tell.
 */
import type { Frame } from '../codec.ts'
import { createFifo } from '../delivery/fifo.ts'
import { asError, RealtimeError } from '../errors.ts'
import type { DuplexTransport, Link, LinkObserver, LinkRequest, Transport } from '../transport.ts'
import type { UpstreamSession } from '../transports/with-upstream.ts'
import { createHistory, isAnywhere, isSame } from './history.ts'
import * as kinds from './messages.ts'
import { type Entry, type ErrorFacts, isMessage, type Messages, type OpenInfo, type Position } from './messages.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createStream, type StreamMemory } from './stream.ts'

const following = 0
const claiming = 1
const leading = 2
const over = 3

/** How long a claim waits for the others' answers, and for the last words of a leader that may have crashed. */
const patienceWithTabs = 100

/** What outlives a link: where this tab is, for when it has slept. */
export interface Memory extends StreamMemory {
  readonly me: string
  readonly outbox: Outbox
  /** How much of what a tab has sent this one's links have taken. Also of one that has left: it may come back. */
  readonly taken: Map<string, number>
  /** What this tab and those it has heard of listen for, since it claimed the lead from another. */
  audible: Set<string>
  /** The newest term that was heard of. */
  newest: number
  /** Its questions are counted. */
  asked: number
  /**
   * Beginnings of links and ticks of a follower that no leader has answered. A link that is given up before a leader is leaves them
   * to the next try.
   */
  silence: number
  /** The session's own: what its link has to do first comes before it. */
  ready?: () => void
}

export function createMemory(): Memory {
  return {
    // Not randomness that a test may have fixed: two tabs must differ.
    me: `${Math.random()}`,
    past: createHistory(),
    outbox: createOutbox(),
    taken: new Map(),
    audible: new Set(),
    newest: 0,
    asked: 0,
    silence: 0,
  }
}

export function joinTabs(
  transport: Transport,
  group: string,
  channel: BroadcastChannel,
  leaderTimeout: number,
  locks: LockManager,
  memory: Memory,
  request: LinkRequest,
  observer: LinkObserver,
): Link {
  const { environment } = request
  const session: UpstreamSession | undefined = request.session
  const { past: history, me, outbox, taken } = memory
  const openTimeout = request.deadline - environment.now()
  const stream = createStream(memory, request, observer)
  const names = new Set(request.events)
  /** Those who have answered the claim, and for whom the link has begun anew: a server that says nothing again then does not do so at all. */
  const peers = new Map<string, boolean>()
  /** Nobody waited in line at the claim, be it one that hangs, and nobody has asked since. */
  let isAlone: boolean | undefined
  /** What followers have sent, while the link is busy. */
  const held = createFifo<Messages[typeof kinds.send]>()
  /** What the link has taken of it last, and nobody has been told of. */
  let handed: Messages[typeof kinds.sent] | undefined
  /** What the link has listened for since this number, and not from its beginning. */
  const late = new Map<string, number>()

  let stage: number = following
  /** Of the lock, or of the place in its line. Idempotent. */
  let letGo = () => {}
  let inner: Link | undefined
  /** What the leader's link is open with, once its client counts as open. */
  let info: OpenInfo | null = null
  /** What the observer was told last, while it is open. */
  let shown: OpenInfo | null = null
  /** The question that waits for its answer. */
  let asked: number
  /** The term whose entries follow upon what this tab has. */
  let term: number
  /** Where it began. */
  let base: Position
  /** There is a leader that has not said goodbye. */
  let isLed = false
  /** How many are to answer the claim, once the locks have told; and where one that has nothing yet begins, for the first of them. */
  let waiting: number | undefined
  let start: Position
  /** Since when it is, 0 before. */
  let openedAt = 0
  /** When a dial is over. */
  let dueAt: number
  let cancelTimer: (() => void) | undefined

  channel.onmessage = ({ data }) => {
    if (stage !== over && isMessage(data))
      (hear[data.shift() as keyof Messages] as (...rest: unknown[]) => void)(...data)
  }

  function post<Kind extends keyof Messages>(...message: [kind: Kind, ...rest: Messages[Kind]]): void {
    if (stage !== over) channel.postMessage(message)
  }

  /** In the order of their numbers. */
  const hear: { [Kind in keyof Messages]: (...rest: Messages[Kind]) => void } = [
    onAsk,
    onClaim,
    onState,
    onEntry,
    onTold,
    onSend,
    onSent,
    onBye,
  ]

  // ── following ──

  function follow(): void {
    stage = following
    // A link that began further back has ended on its way.
    if (memory.resumeAt) stream.moveTo(memory.resumeAt)
    seekLead()
    asked = 1
    watch()
  }

  /** Waits in line for the lock, which the browser takes from a tab that is closed or crashes; or takes it from whoever holds it. */
  function seekLead(steal?: true): void {
    letGo()
    const waiting = new AbortController()
    const { signal } = waiting
    /** Of a lock that was granted. */
    let give: (() => void) | undefined
    letGo = () => {
      waiting.abort()
      give?.()
    }
    const hold = async () => {
      // Node grants a free one within the request.
      await undefined
      // It was let go of while it was granted.
      if (signal.aborted) return
      claim()
      return new Promise<void>((resolve) => {
        give = resolve
      })
    }
    locks.request(group, steal ? { steal } : { signal }, hold).catch(() => {
      if (signal.aborted) return
      if (give) return demote()
      // A sandboxed frame may have no locks, and then nobody could say who of two leaders is one.
      channel.close()
      channel = new BroadcastChannel(me)
      isAlone = true
      lead()
    })
  }

  function ask(ahead: readonly Entry[] | null = null, events = [...names]): void {
    asked = memory.asked += 1
    post(kinds.ask, me, asked, memory.newest, stream.at, events, ahead)
  }

  /** One answer brings all there is. Where it does not come, the next tick asks again. */
  function askOnce(): void {
    if (!asked) ask()
  }

  /** Ticks are counted, not time: after a sleep the answers come before the second of them. A try may be shorter than one. */
  function watch(): void {
    memory.silence += 1
    // A tab that is seen goes first.
    if (memory.silence > (environment.isHidden?.() ? 7 : 3)) seekLead(true)
    else if (memory.silence > 1 || asked) ask()
    cancelTimer?.()
    // Four of them, and the patience of a claim, are less than the timeout, where it is not under 0.9 s.
    cancelTimer = environment.setTimer(watch, leaderTimeout / 4.5)
  }

  /** Whether a leader's word counts here. */
  function obeys(its: number, answered?: string): boolean {
    if (its < memory.newest) return false
    if (its > memory.newest) {
      // An answer of the leader before it will not come any more. Where the first word is an answer, to whomever, its own may be next.
      if (!answered) asked = 0
      // Nor its word on what this tab has sent, which goes to the next one as soon as that is open.
      mirror(null)
    }
    if (stage === leading) {
      if (its === memory.newest) return false
      // It was replaced while it slept.
      demote()
    }
    memory.newest = its
    memory.silence = 0
    isLed = true
    return true
  }

  function onClaim(at: Position): void {
    if (stage !== following) return
    memory.silence = 0
    isLed = true
    // Each is taken behind the one before it, and the first never: where this place is not known, that is all there is.
    ask(history.since(at))
  }

  function onState(
    to: string,
    answer: number,
    its: number,
    opened: OpenInfo | null,
    at: Position,
    seq: number,
    missed: readonly Entry[],
  ): void {
    if ((to && to !== me) || !obeys(its, to)) return
    // One that has nothing yet would miss what comes until it knows where it begins.
    const isAnswered = to && answer === asked
    if (!opened || isAnswered || isAnywhere(stream.at)) mirror(opened)
    // It may be from before this tab came. A client takes `undefined` for no wish.
    if (opened) observer.retryAfter(opened.retryAfter as number)
    if (to) {
      // Otherwise it has moved since it asked.
      if (!isAnswered) return
      stream.moveTo(at)
      asked = 0
    } else if (term !== its && !isSame(stream.at, at)) {
      if (!at[2] || at[2] !== stream.lastId) return askOnce()
      stream.moveTo(at)
    }
    term = its
    for (const entry of missed) take(entry)
    if (seq > stream.seq) askOnce()
  }

  function onEntry(...entry: Entry): void {
    const [its, seq, id] = entry
    if (!obeys(its)) return
    if (its === term) {
      if (seq === stream.seq + 1) take(entry)
      else if (seq > stream.seq) askOnce()
    } else if (id && id === stream.lastId && !entry[3]?.isHeld) {
      // What this tab has already, and behind which it goes on.
      stream.moveTo([its, seq, id])
      asked = 0
      term = its
    } else askOnce()
  }

  function take(entry: Entry, receivedAt?: number): void {
    asked = 0
    // A listener of what came before it may have ended this link: the next one asks for it.
    if (stage !== over) stream.take(entry, receivedAt)
  }

  function onTold(its: number, facts: ErrorFacts, retryAt: number | undefined): void {
    const { code, message, ...details } = facts
    if (obeys(its)) pass(new RealtimeError(code, message, details), retryAt)
  }

  function pass(error: RealtimeError, retryAt: number | undefined): void {
    if (retryAt === undefined) {
      leave()
      observer.ended(error)
    } else {
      shown = null
      observer.interrupted(error, retryAt)
    }
  }

  function onSent(to: string, last: number): void {
    if (to !== me) return
    outbox.confirm(last)
    memory.ready?.()
  }

  function onBye(from: string, leads: boolean): void {
    peers.delete(from)
    isLed &&= !leads
    leadIfKnown()
  }

  /** A follower is open when the leader is. */
  function mirror(opened: OpenInfo | null): void {
    if (stage === over || !shown === !opened) return
    shown = opened
    if (opened) {
      const oldest = outbox.oldest as number
      outbox.offer((frame, count) => {
        post(kinds.send, me, memory.newest, count, frame, oldest)
      })
      observer.opened({ ...opened, shared: true })
    } else observer.interrupted(new RealtimeError('aborted', 'The lead changes.'), environment.now())
  }

  function leave(): void {
    post(kinds.bye, me, stage !== following)
    stage = over
    // Its session lives on, and what followers have sent is the next leader's.
    info = null
    cancelTimer?.()
    letGo()
    channel.close()
    count(outbox.bytes)
  }

  /** While no link counts what waits in the outbox, the session does. */
  function count(bytes: number): void {
    if (session) session.bufferedAmount += bytes
  }

  // ── leading ──

  function claim(): void {
    stage = claiming
    memory.silence = 0
    peers.clear()
    isAlone = waiting = undefined
    // Whoever is still there answers. Where a loss has ended the links of all, the others' come a moment later.
    if (term) memory.audible = new Set(names)
    start = stream.at
    post(kinds.claim, stream.at)
    cancelTimer?.()
    cancelTimer = environment.setTimer(lead, patienceWithTabs)
    locks.query().then(
      ({ pending = [] }) => {
        waiting = pending.filter((lock) => lock.name === group).length
        isAlone ??= !waiting
        leadIfKnown()
      },
      () => {},
    )
  }

  function leadIfKnown(): void {
    // What the last leader has said comes before any answer; where nobody answers, before its goodbye.
    if (stage === claiming && peers.size >= (waiting as number) && (peers.size || !isLed)) lead()
  }

  function lead(): void {
    cancelTimer?.()
    stage = leading
    dial(isAnywhere(stream.at) ? stream.at : start)
  }

  function onAsk(
    from: string,
    question: number,
    newest: number,
    at: Position,
    events: readonly string[],
    ahead: readonly Entry[] | null,
  ): void {
    events.forEach(attend)
    if (stage === following) return
    isAlone = false
    const isNewer = newest > memory.newest
    if (isNewer) memory.newest = newest
    if (stage === claiming) {
      // It may be the answer to another's claim: an entry is taken behind the one that it came behind.
      ahead?.forEach((entry, place) => {
        if (place && isSame(stream.at, ahead[place - 1] as Entry)) take(entry)
      })
      if (!isAnywhere(start)) start = at
      // An older question says nothing of what the last leader has said since.
      if (ahead) peers.set(from, false)
      leadIfKnown()
      // That a dial is over, the timer of a hidden page tells late: a tab that is seen need not wait for it.
    } else if (openedAt || environment.now() <= dueAt) {
      // The clock was set back, and this one does not obey yet.
      if (isNewer) {
        peers.clear()
        return dial(stream.at)
      }
      const known = history.from(at, !memory.resumeAt && isSettled() && peers.get(from))
      if (known) {
        // It comes from before the link has listened for all that it listens for. What other leaders have heard, this one knows
        // of its own names only.
        if (
          inner?.listen &&
          at[2] &&
          at[0] !== term &&
          events.some((event) => (late.get(event) ?? (names.has(event) ? -1 : base[1] - 1)) >= known[0][1])
        ) {
          dial(at)
        } else post(kinds.state, from, question, term, info, ...known)
      }
      // A link that has just begun may still come to it, for this tab or another: the one that asks will ask again.
      else if (!isSettled()) announce()
      else {
        // More than is kept: from there on for all. Or it went back in vain, and has nothing yet of what the others have.
        if (!memory.resumeAt) peers.set(from, true)
        dial(memory.resumeAt ?? at)
      }
    }
  }

  function attend(event: string): void {
    if (!memory.audible.has(event)) late.set(event, stream.seq)
    memory.audible.add(event)
    inner?.listen?.(event)
  }

  /** Whether what the link was to repeat has come, if it comes. */
  function isSettled(): unknown {
    return info && Math.abs(environment.now() - openedAt) >= leaderTimeout * (memory.resumeAt ? 2 : 1)
  }

  function announce(): void {
    // Whoever has not answered the claim may listen for what this link does not, and has to ask: no place is where it is.
    const at: Position = isLed || peers.size < (waiting as number) ? [term, base[1], ''] : base
    post(kinds.state, '', 0, term, info, at, stream.seq, [])
  }

  /** Opens the inner link, after the one before it. */
  function dial([was, seq, id]: Position): void {
    hangUp()
    // Who has heard of it may have closed the client, or connected anew.
    if (stage === over) return
    // Higher than any before, also than those that this tab has not heard of; and no other's.
    memory.newest = term = Math.max(memory.newest + 1, environment.now()) + Math.random()
    // An id that a tab was given has no name yet, and neither has the beginning of all.
    base = [seq < 0 ? term : was, Math.max(seq, 0), id]
    stream.goBack(base)
    late.clear()
    announce()
    open()
  }

  function open(): void {
    openedAt = 0
    dueAt = environment.now() + openTimeout
    try {
      inner = transport.open(
        {
          ...request,
          deadline: dueAt,
          get events() {
            return [...memory.audible]
          },
          get lastEventId() {
            return stream.lastId
          },
        },
        {
          opened(facts) {
            shown = { transport: transport.name, ...facts, busy: inner?.busy !== undefined }
            observer.opened(facts)
            if (!session) welcomed()
          },
          received: (frame, receivedAt) => record(frame, frame.id ?? '', receivedAt),
          alive(id) {
            if ((id ?? stream.lastId) === stream.lastId) observer.alive()
            else record(null, id as string)
          },
          retryAfter(ms) {
            if (shown) shown.retryAfter = ms
            announce()
            observer.retryAfter(ms)
          },
          interrupted(reason, retryAt) {
            info = null
            tell(reason, retryAt)
          },
          ended: (reason) => tell(reason),
        },
      )
      // A provider may have closed the client.
      if (stage === over) hangUp()
    } catch (cause) {
      tell(asError(cause, 'unreachable'))
    }
  }

  function tell(reason: RealtimeError, retryAt?: number): void {
    try {
      // An error's message is not among what a spread takes.
      post(kinds.told, term, { ...reason, message: reason.message }, retryAt)
    } catch {
      // A provider has put into it what no channel takes. The others hear the goodbye, and find out for themselves.
    }
    pass(reason, retryAt)
  }

  function record(frame: Entry[3], id: string, receivedAt?: number): void {
    // The server does not know the older id any more: what it says since then the others have not heard, either.
    if (id && memory.resumeAt && isSettled()) return dial(memory.resumeAt)
    const entry: Entry = [term, stream.seq + 1, id, frame]
    // A tab that is alone says nothing, and one that comes asks.
    if (!isAlone) post(kinds.entry, ...entry)
    take(entry, receivedAt)
  }

  function welcomed(): void {
    // Whoever has opened the link, the server is back: also for what this tab has still to post.
    for (const post of session?.posts ?? []) post.hurry?.()
    if (stage !== leading) return
    info = shown
    openedAt = environment.now()
    // What the last leader has not confirmed, before anything newer.
    outbox.offer(hand)
    announce()
  }

  function hand(frame: Frame): boolean {
    try {
      inner?.send?.(frame)
      return true
    } catch (cause) {
      const error = asError(cause)
      // Where it is closing already, its end is on its way.
      if (stage !== over && error.code !== 'not-open') tell(error)
      return false
    }
  }

  function send(frame: Frame): void {
    if (inner) return inner.send?.(frame)
    const outgoing = outbox.add(frame)
    post(kinds.send, me, memory.newest, outgoing.count, outgoing.frame, outbox.oldest as number)
  }

  function onSend(...sent: Messages[typeof kinds.send]): void {
    // What comes before the link is open comes again when it is.
    if (info) held.push(sent)
    handOn()
  }

  /** Also with what this tab has under way since it led: that goes before what it sends through another, and is not taken yet. */
  function isBusy(): unknown {
    return inner?.busy || session?.posts?.size
  }

  /** A link that is busy leaves it here, unconfirmed as what it is busy with: where this tab goes meanwhile, the next leader gets both. */
  function handOn(): void {
    while (!isBusy()) {
      if (handed) {
        handed = post(kinds.sent, ...handed) as undefined
        // By turns, or the one who never stops would keep out the others.
        memory.ready?.()
        continue
      }
      const next = held.shift()
      if (!next) return
      const [from, its, count, frame, oldest] = next
      // Of one who has not heard of this term yet. When it has, it sends again what nobody has confirmed.
      if (its !== memory.newest) continue
      // What has overtaken another comes again; what a leader before this one has confirmed meanwhile does not.
      let last = Math.max(taken.get(from) ?? 0, oldest - 1)
      if (info && count === last + 1 && hand(frame)) last = count
      taken.set(from, last)
      if (count <= last) handed = [from, count]
    }
  }

  function hangUp(): void {
    inner?.close()
    inner = undefined
    info = null
    mirror(null)
  }

  /** Another tab has taken over. */
  function demote(): void {
    hangUp()
    if (stage !== over) follow()
  }

  if (session) {
    session.welcomed = welcomed
    memory.ready ??= session.ready
    session.ready = () => {
      handOn()
      memory.ready?.()
    }
  }
  names.forEach(attend)
  // Whoever calls `reconnect()` has not waited for an answer.
  if (request.attempt < 2) memory.silence = 0
  if (stream.at[2] !== request.lastEventId) {
    // What came behind a `reconnect()` the client has not had.
    memory.resumeAt = undefined
    history.endAt([-1, -1, request.lastEventId])
  }
  start = stream.at
  count(-outbox.bytes)
  follow()

  return {
    get busy() {
      // Where the leader's link takes one at a time, so does this.
      return (isBusy() || (shown?.busy && outbox.bytes)) as boolean
    },
    get bufferedAmount() {
      return outbox.bytes + (inner?.bufferedAmount ?? session?.bufferedAmount ?? 0)
    },
    get isLocal() {
      return inner?.isLocal as boolean
    },
    get clue() {
      return inner?.clue as NonNullable<Link['clue']>
    },
    listen(event) {
      if (names.has(event)) return
      names.add(event)
      attend(event)
      if (!inner) ask(null, [event])
    },
    ...((transport as Partial<DuplexTransport>).duplex && {
      send,
      sendUrgent: (frame: Frame) => (inner?.sendUrgent ? inner.sendUrgent(frame) : send(frame)),
    }),
    close(...farewell) {
      if (stage === over) return
      inner?.close(...farewell)
      leave()
    },
  }
}

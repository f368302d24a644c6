/**
 * One tab among those of its name, from `open` until its link is over. It follows a leader, claims the lead once it is granted the lock,
 * and then leads. Entries have names that all tabs agree on, so that a tab knows what it has missed, and the leader what to send it.
 */
import type { Frame } from '../codec.ts'
import { asError, RealtimeError } from '../errors.ts'
import type { DuplexTransport, Link, LinkObserver, LinkRequest, Transport } from '../transport.ts'
import type { UpstreamSession } from '../transports/lanes.ts'
import { isAnywhere, isSame } from './history.ts'
import { seekLock } from './lock.ts'
import type { Memory } from './memory.ts'
import * as kinds from './messages.ts'
import {
  type Entry,
  type ErrorFacts,
  isMessage,
  type Message,
  type Messages,
  type OpenInfo,
  type Position,
} from './messages.ts'
import { createRelay } from './relay.ts'
import { createStream } from './stream.ts'

const following = 0
const claiming = 1
const leading = 2
const over = 3

/** Milliseconds that a claim waits for the others' answers, and for the last words of a leader that may have crashed. */
const patienceWithTabs = 100

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
  const { past: history, me, outbox } = memory
  const openTimeout = request.deadline - environment.now()
  const stream = createStream(memory, request, observer)
  const names = new Set(request.events)
  /** Tabs that have answered the claim; true for those for whom the link has begun anew: a server that repeated nothing then never will. */
  const peers = new Map<string, boolean>()
  /** At the claim no other tab was in line for the lock, not even one that hangs, and none has asked since. */
  let isAlone: boolean | undefined
  const relay = createRelay(memory, isBusy, hand, post)
  /** By event name: the number of the entry since which the link listens for it. Without those that it has listened for from its beginning. */
  const late = new Map<string, number>()

  let stage: number = following
  /** Gives up the lock, or the place in the line for it. Idempotent. */
  let letGo = () => {}
  let inner: Link | undefined
  /** Of a leader: how its link is open, once its client counts as open. Null before, and for others. */
  let info: OpenInfo | null = null
  /** How the link is open as the observer was told last; null while it is not. */
  let shown: OpenInfo | null = null
  /** The number of the question that waits for its answer, 0 for none. */
  let asked: number
  /** The term whose entries continue what this tab has. */
  let term: number
  /** Of a leader: where its term began. */
  let base: Position
  /** There is a leader that has not said goodbye. */
  let isLed: boolean | undefined
  /** How many tabs are to answer the claim; `undefined` until the locks have told. */
  let expected: number | undefined
  /** Where a leader that has nothing yet begins: where the first tab is that has asked. */
  let start: Position
  /** Of a leader: the epoch time since when its client counts as open, 0 before. */
  let openedAt: number
  /** Of a leader: the epoch time at which its dial is over. */
  let dueAt: number
  let cancelTimer = () => {}

  channel.onmessage = ({ data }) => {
    if (isMessage(data)) (hear[data.shift() as keyof Messages] as (...rest: unknown[]) => void)(...data)
  }

  function post<Kind extends keyof Messages>(...message: Message<Kind>): void {
    if (stage !== over) channel.postMessage(message)
  }

  /** In the order of the kinds' numbers. */
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
    // The link of this tab had begun further back, and was over before it came to where the client is.
    if (memory.resumeAt) stream.moveTo(memory.resumeAt)
    seekLead()
    asked = 1
    watch()
  }

  function seekLead(steal?: true): void {
    letGo()
    letGo = seekLock(locks, group, claim, demote, leadAlone, steal)
  }

  function ask(ahead: readonly Entry[] | null = null, events = [...names]): void {
    asked = memory.asked += 1
    post(kinds.ask, me, asked, memory.newest, stream.at, events, ahead)
  }

  /** Asks unless an answer is awaited: one brings all there is. Where it does not come, the next tick asks again. */
  function askOnce(): void {
    if (!asked) ask()
  }

  /** A tick. Counted instead of time: after a sleep, answers come before the second tick. */
  function watch(): void {
    memory.silence += 1
    // A tab that is visible goes first.
    if (memory.silence > (environment.isHidden?.() ? 7 : 3)) seekLead(true)
    else if (memory.silence > 1 || asked) ask()
    cancelTimer()
    // Four ticks and the patience of a claim are less than `leaderTimeout`, where that is over 0.9 s.
    cancelTimer = environment.setTimer(watch, leaderTimeout / 4.5)
  }

  /** Whether the word of a leader of this term counts here. `answered` is the tab whose question it answers, if it does. */
  function obeys(heardTerm: number, answered?: string): boolean {
    if (heardTerm < memory.newest) return false
    if (heardTerm > memory.newest) {
      // The leader before will not answer any more. But where the new one's first word is an answer, to whichever tab, the next may be for this one.
      if (!answered) asked = 0
      // Nor will the one before confirm what this tab has sent: that goes to the new one as soon as it is open.
      mirror(null)
    }
    if (stage === leading) {
      if (heardTerm === memory.newest) return false
      // This tab was replaced while it slept.
      demote()
    }
    memory.newest = heardTerm
    memory.silence = 0
    isLed = true
    return true
  }

  function onClaim(at: Position): void {
    if (stage !== following) return
    memory.silence = 0
    isLed = true
    // Of these the claimant takes each behind the one before it, and so never the first. Where `at` is not known here, there is only that.
    ask(history.since(at))
  }

  function onState(
    to: string,
    answer: number,
    heardTerm: number,
    opened: OpenInfo | null,
    at: Position,
    missed: readonly Entry[],
  ): void {
    if ((to && to !== me) || !obeys(heardTerm, to)) return
    // A tab that has nothing yet is open only with its answer: it would miss what comes until it knows where it begins.
    const isAnswered = to && answer === asked
    if (!opened || isAnswered || isAnywhere(stream.at)) mirror(opened)
    // The server may have told its wish before this tab came. To the client, `undefined` is none.
    if (opened) observer.retryAfter(opened.retryAfter as number)
    if (to) {
      // It answers an older question, and this tab has moved since.
      if (!isAnswered) return askOnce()
      stream.moveTo(at)
      asked = 0
    } else if (term !== heardTerm && !isSame(stream.at, at)) {
      if (!at[2] || at[2] !== stream.lastId) return askOnce()
      stream.moveTo(at)
    }
    term = heardTerm
    for (const entry of missed) take(entry)
  }

  function onEntry(...entry: Entry): void {
    const [heardTerm, seq, id] = entry
    if (!obeys(heardTerm)) return
    if (heardTerm === term && seq === stream.seq + 1) take(entry)
    else if (heardTerm !== term && id && id === stream.lastId && !entry[3]?.isHeld) {
      // This tab has the entry already, and goes on behind it.
      stream.moveTo([heardTerm, seq, id])
      asked = 0
      term = heardTerm
    } else askOnce()
  }

  function take(entry: Entry, receivedAt?: number): void {
    // A listener of an earlier entry may have ended this link: the next link asks for this one.
    if (stage === over) return
    asked = 0
    stream.take(entry, receivedAt)
  }

  function onTold(heardTerm: number, facts: ErrorFacts, retryAt: number | undefined): void {
    if (obeys(heardTerm)) pass(new RealtimeError(facts.code, facts.message, facts), retryAt)
  }

  function pass(error: RealtimeError, retryAt: number | undefined): void {
    if (retryAt !== undefined) {
      shown = null
      return observer.interrupted(error, retryAt)
    }
    leave()
    observer.ended(error)
  }

  function onSent(to: string, last: number): void {
    if (to !== me) return
    outbox.confirm(last)
    memory.ready?.()
  }

  function onBye(from: string, leads: boolean): void {
    peers.delete(from)
    if (leads) isLed = false
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

  function leave(...farewell: Parameters<Link['close']>): void {
    if (stage === over) return
    post(kinds.bye, me, stage !== following)
    stage = over
    // The client may ask the link that has ended where it led, and in the same turn still send over it.
    inner?.close(...farewell)
    // The session lives on and may still call `ready`, but what followers have sent is for the next leader.
    info = null
    cancelTimer()
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
    isAlone = expected = undefined
    // Tabs that are still there answer with their events. Kept after a loss, which ends the links of all: those tabs come back a moment later.
    if (term) memory.audible = new Set(names)
    start = stream.at
    post(kinds.claim, start)
    cancelTimer()
    cancelTimer = environment.setTimer(lead, patienceWithTabs)
    locks.query().then(
      ({ pending = [] }) => {
        expected = pending.filter((lock) => lock.name === group).length
        isAlone ??= !expected
        leadIfKnown()
      },
      () => {},
    )
  }

  function leadIfKnown(): void {
    // By then all that the last leader has said is here: it comes before any answer; where nobody is to answer, before its goodbye.
    if (stage === claiming && peers.size >= (expected as number) && (!isLed || peers.size)) lead()
  }

  function lead(): void {
    cancelTimer()
    stage = leading
    dial(isAnywhere(stream.at) ? stream.at : start)
  }

  /** A sandboxed frame may have no locks, and then nobody could say which of two tabs leads: this one leads nobody else. */
  function leadAlone(): void {
    channel.close()
    channel = new BroadcastChannel(me)
    isAlone = true
    lead()
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
      // They may answer another tab's claim, so each entry is taken only behind the one that it follows.
      ahead?.forEach((entry, place) => {
        if (place && isSame(stream.at, ahead[place - 1] as Entry)) take(entry)
      })
      if (!isAnywhere(start)) start = at
      // Only what answers a claim: an older question may have come before the last leader's last words.
      if (ahead) peers.set(from, false)
      leadIfKnown()
      // A leader whose dial is over by the clock answers nobody: in a hidden page its timer is late, and a visible tab may take over.
    } else if (openedAt || environment.now() <= dueAt) {
      // The clock was set back: the tab that asks knows a higher term, and will not obey this one.
      if (isNewer) {
        peers.clear()
        return dial(stream.at)
      }
      const known = history.from(at, !memory.resumeAt && isSettled() && peers.get(from))
      if (known) {
        // The tab that asks is at a place from which on the link has not listened for all of its events. What earlier leaders have listened
        // for, this tab knows of its own events only.
        if (
          inner?.listen &&
          at[2] &&
          at[0] !== term &&
          events.some((event) => (late.get(event) ?? (names.has(event) ? -1 : base[1] - 1)) >= known[0][1])
        ) {
          dial(at)
        } else post(kinds.state, from, question, term, info, ...known)
      }
      // A link that has just begun, for this tab or another, may still come to that place: the tab that asks will ask again.
      else if (!isSettled()) announce()
      else {
        // The tab has missed more than is kept: the link begins anew from there, for all. Or the link has already gone back in vain: it begins
        // anew from where this tab's client is.
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

  /** Whether the link has been open for so long that what it was to repeat has come, if it comes at all. */
  function isSettled(): unknown {
    return info && Math.abs(environment.now() - openedAt) >= leaderTimeout * (memory.resumeAt ? 2 : 1)
  }

  function announce(): void {
    // A tab that has not answered the claim may listen for what this link does not. This place is nobody's, so that every tab has to ask.
    const at: Position = isLed || peers.size < (expected as number) ? [term, base[1], ''] : base
    post(kinds.state, '', 0, term, info, at, [])
  }

  /** Begins a new term at this position, with a new inner link in place of the one before. */
  function dial([was, seq, id]: Position): void {
    hangUp()
    // Whoever has heard of that may have closed the client, or connected anew.
    if (stage === over) return
    // Higher than any before, also than those that this tab has not heard of, and not the same as any other tab's.
    memory.newest = term = Math.max(memory.newest + 1, environment.now()) + Math.random()
    // A place without a number, be it an id that a tab was given or the beginning of all, has no name yet: it gets this term's.
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
          ended: tell,
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
      // A spread leaves out `message`, which is not enumerable.
      post(kinds.told, term, { ...reason, message: reason.message }, retryAt)
    } catch {
      // A provider has put into it what no channel takes. The others hear the goodbye, and find out for themselves.
    }
    pass(reason, retryAt)
  }

  function record(frame: Entry[3], id: string, receivedAt?: number): void {
    // The server does not know the older id any more, and tells only what is new, which the other tabs drop while they wait for what they have.
    if (id && memory.resumeAt && isSettled()) return dial(memory.resumeAt)
    const entry: Entry = [term, stream.seq + 1, id, frame]
    // A tab that is alone posts nothing: one that comes will ask.
    if (!isAlone) post(kinds.entry, ...entry)
    take(entry, receivedAt)
  }

  function welcomed(): void {
    // Whichever tab has opened the link, the server is back: also for what this tab has still to post.
    session?.hurry?.()
    if (stage !== leading) return
    info = shown
    openedAt = environment.now()
    // What the last leader has not confirmed, before anything newer.
    outbox.offer(hand)
    announce()
  }

  /** Hands a frame to the link, once that is open, and returns whether it was taken. */
  function hand(frame: Frame): boolean {
    if (!info) return false
    try {
      inner?.send?.(frame)
      return true
    } catch (cause) {
      const error = asError(cause)
      // 'not-open': the link is closing already, and its end is on its way.
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
    // What comes before the link is open is sent again when it is; what is for another leader is not for this tab to confirm.
    relay(info && sent)
  }

  /** Also while POSTs are under way that this tab has begun as a leader: they go before what it sends through another. */
  function isBusy(): unknown {
    return inner?.busy || session?.posts?.size
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
      relay()
      memory.ready?.()
    }
  }
  names.forEach(attend)
  // With attempt 1, as by `reconnect()`, the link before was not given up for want of an answer.
  if (request.attempt < 2) memory.silence = 0
  if (stream.at[2] !== request.lastEventId) {
    // The client has not had the last that came here, as after a `reconnect()`: it goes on from the id that it has.
    memory.resumeAt = undefined
    history.endAt([-1, -1, request.lastEventId])
  }
  start = stream.at
  count(-outbox.bytes)
  follow()

  return {
    get busy() {
      // Where the leader's link takes one message at a time, so does this.
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
    close: leave,
  }
}

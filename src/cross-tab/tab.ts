/**
 * One tab among those of its name, from `open` until its link is over. It follows, or claims the lead when it is granted the lock, or
 * leads. Entries are numbered through all leaders, so that a tab knows what it has missed, and whom it can tell.
 */
import type { Frame, Inbound } from '../codec.ts'
import { type Kept, keep } from '../delivery/send-queue.ts'
import { asError, RealtimeError } from '../errors.ts'
import type { DuplexTransport, Link, LinkObserver, LinkRequest, Transport } from '../transport.ts'
import { createHistory, type History } from './history.ts'
import { countWaiting, type Leadership, seekLeadership } from './leadership.ts'
import { type Entry, factsOf, isMessage, type Messages, type OpenInfo, version } from './messages.ts'

/** How long a claim waits for the others' answers, and for the last words of a leader that may have crashed. */
const patienceWithTabs = 100

interface Outgoing extends Kept {
  readonly count: number
}

/** What outlives a link: where this tab is, for when it has slept. */
export interface Memory {
  readonly me: string
  readonly history: History
  term: number
  seq: number
  /** What comes again is dropped up to this id, or for so long: rather a repetition than nothing for ever. */
  dropUntil: string
  dropDeadline: number
  /** Sent, and not confirmed by a leader. */
  outbox: Outgoing[]
  sent: number
}

export function createMemory(): Memory {
  // Not randomness that a test may have fixed: two tabs must differ.
  const me = `${Math.random()}`
  return { me, history: createHistory(), term: 0, seq: -1, dropUntil: '', dropDeadline: 0, outbox: [], sent: 0 }
}

/** Another tab, as the leader knows it: the events that it hears, and how much it has sent. */
interface Peer {
  names: readonly string[]
  sent: number
}

export function joinTabs(
  transport: Transport,
  name: string,
  leaderTimeout: number,
  locks: LockManager,
  memory: Memory,
  request: LinkRequest,
  observer: LinkObserver,
): Link {
  const { environment, session } = request
  const { history, me } = memory
  const group = `holdfast/${version}/${name}`
  const openTimeout = request.deadline - environment.now()
  const names = new Set(request.events)
  const peers = new Map<string, Peer>()

  let stage: 'following' | 'claiming' | 'leading' | 'over' = 'following'
  let leadership: Leadership | undefined
  let inner: Link | undefined
  /** What the leader's link is open with, once its client counts as open. */
  let info: OpenInfo | null = null
  /** What the observer was told last. */
  let isOpen = false
  /** Asks of a follower that no leader has answered, less one. */
  let silence = 0
  let isAsking = false
  /** There is a leader that has not said goodbye. */
  let isLed = false
  /** Those who have answered the claim. */
  const answered = new Set<string>()
  let waiting = Infinity
  /** When the inner link was asked for. */
  let begunAt = 0
  /** The newest term that was heard of, which may be ahead of that of this tab's numbers. */
  let newest = memory.term
  /** The term before this one's lead. */
  let before = 0
  /** The id that the claim has shown to be the one to begin after. */
  let beginAfter = ''
  let cancelTimer: (() => void) | undefined

  const channel = new BroadcastChannel(group)
  channel.onmessage = ({ data }) => {
    if (stage !== 'over' && isMessage(data))
      hear[data[0]](...(data.slice(1) as [never, never, never, never, never, never]))
  }

  function post<Kind extends keyof Messages>(kind: Kind, ...rest: Messages[Kind]): void {
    if (stage !== 'over') channel.postMessage([kind, ...rest])
  }

  const hear: { [Kind in keyof Messages]: (...rest: Messages[Kind]) => void } = {
    ask: onAsk,
    claim: onClaim,
    state: onState,
    entry: onEntry,
    told: onTold,
    send: onSend,
    sent(to, last) {
      if (to === me) memory.outbox = memory.outbox.filter(({ count }) => count > last)
    },
    bye(from, leads) {
      peers.delete(from)
      if (!leads) return
      isLed = false
      leadIfKnown()
    },
  }

  // ── following ──

  function follow(): void {
    stage = 'following'
    silence = 0
    leadership = seekLeadership(locks, group, claim, demote)
    ask()
    watch()
  }

  function ask(ahead: readonly Entry[] = []): void {
    post('ask', me, memory.term, memory.seq, lastId(), [...names], ahead)
  }

  /** Where the stream is for all tabs, which is behind what this one has while it drops. */
  function lastId(): string {
    return history.lastId || request.lastEventId
  }

  /** One answer brings all there is. Where it does not come, the next tick asks again. */
  function askOnce(): void {
    if (isAsking) return
    isAsking = true
    ask()
  }

  /** Ticks are counted, not time: after a sleep the answers come before the second of them. */
  function watch(): void {
    cancelTimer?.()
    cancelTimer = environment.setTimer(() => {
      silence += 1
      // A tab that is seen goes first.
      if (silence > (environment.isHidden?.() ? 6 : 2)) leadership?.steal()
      else if (silence > 0 || isAsking) ask()
      watch()
    }, leaderTimeout / 4)
  }

  /** Whether a leader's word counts here. */
  function obeys(term: number): boolean {
    if (term < newest) return false
    if (stage === 'leading') {
      if (term === newest) return false
      // It was replaced while it slept.
      leadership?.release()
      demote()
    }
    newest = term
    silence = -1
    isLed = true
    return true
  }

  function onClaim(term: number, seq: number): void {
    if (stage !== 'following') return
    silence = -1
    isLed = true
    ask(term === memory.term ? history.rest(seq) : [])
  }

  function onState(
    to: string,
    term: number,
    before: number,
    seq: number,
    opened: OpenInfo | null,
    from: string,
    missed: readonly Entry[],
  ): void {
    // An answer of the leader before it will not come any more.
    if (term > newest) isAsking = false
    if (!obeys(term) || (to && to !== me)) return
    mirror(opened)
    /** Its numbers are this tab's. */
    const isContinued = memory.term === term || memory.term === before
    if (to) {
      isAsking = false
      // An answer to what this tab asked before it slept.
      if (memory.term !== term && from !== lastId()) return
      if (!isContinued) renumber((missed[0]?.[0] ?? seq + 1) - 1)
      memory.term = term
      for (const [number, frame, id] of missed) if (number > memory.seq) take(number, frame, id)
      memory.seq = seq
    } else if (from ? from === lastId() || (isContinued && memory.seq >= seq) : isContinued && memory.seq === seq) {
      memory.term = term
      if (from) restart(seq, from)
    }
    // What this tab has and the leader has not may come again: then the leader knows its id.
    else askOnce()
  }

  function renumber(seq: number): void {
    const id = lastId()
    history.clear()
    history.add([seq, null, id])
    memory.seq = seq
  }

  /** The stream begins anew behind this id. */
  function restart(seq: number, from: string): void {
    const { lastEventId } = request
    memory.dropUntil = from === lastEventId ? '' : lastEventId
    memory.dropDeadline = environment.now() + openTimeout
    memory.seq = seq
    history.clear()
    history.add([seq, null, from])
  }

  function onEntry(term: number, seq: number, frame: Inbound | null, id: string): void {
    // Before the leader has told where it is, nothing can be told from what was missed.
    if (!obeys(term) || memory.seq < 0) return
    if (term === memory.term && seq === memory.seq + 1) take(seq, frame, id)
    else if (term > memory.term || seq > memory.seq) askOnce()
  }

  function onTold(term: number, report: Messages['told'][1], facts: Messages['told'][2], time: number): void {
    if (!obeys(term)) return
    if (report === 'retryAfter') return observer.retryAfter(time)
    const { code, message, ...details } = facts ?? { code: 'lost', message: '' }
    const error = new RealtimeError(code, message, details)
    if (report === 'ended') end(error)
    else {
      isOpen = false
      observer.interrupted(error, time)
    }
  }

  /** A follower is open when the leader is. */
  function mirror(opened: OpenInfo | null): void {
    if (isOpen === !!opened || stage === 'over') return
    isOpen = !isOpen
    if (opened) {
      for (const { count, frame } of memory.outbox) post('send', me, count, frame)
      observer.opened({ ...opened, shared: true })
    } else observer.interrupted(new RealtimeError('aborted', 'Another tab takes over.'), environment.now())
  }

  // ── all of them ──

  function take(seq: number, frame: Inbound | null, id: string, receivedAt?: number): void {
    const entry: Entry = [seq, frame, id]
    memory.seq = seq
    history.add(entry)
    if (frame === null) {
      if (!isOld(id)) observer.alive(id)
    } else if (!isOld(frame.id, frame.isHeld)) observer.received(frame, receivedAt)
    // Inside a frame only the codec finds it.
    entry[2] ||= request.lastEventId
  }

  function isOld(id: string | undefined, isHeld?: boolean): boolean {
    if (!memory.dropUntil) return false
    const isOver = id === undefined || environment.now() > memory.dropDeadline
    if (isOver || (id === memory.dropUntil && !isHeld)) memory.dropUntil = ''
    return !isOver
  }

  function end(error: RealtimeError): void {
    leave()
    observer.ended(error)
  }

  function leave(): void {
    stage = 'over'
    cancelTimer?.()
    leadership?.release()
    channel.close()
  }

  // ── leading ──

  function claim(): void {
    stage = 'claiming'
    answered.clear()
    waiting = Infinity
    post('claim', memory.term, memory.seq)
    cancelTimer?.()
    cancelTimer = environment.setTimer(lead, patienceWithTabs)
    countWaiting(locks, group).then(
      (count) => {
        waiting = count
        leadIfKnown()
      },
      () => {},
    )
  }

  function leadIfKnown(): void {
    // What the last leader has said comes before any answer; where nobody answers, before its goodbye.
    if (stage === 'claiming' && answered.size >= waiting && (answered.size || !isLed)) lead()
  }

  function lead(): void {
    cancelTimer?.()
    stage = 'leading'
    before = memory.term
    // Higher than any before, also than those that this tab has not heard of; and no other's.
    newest = memory.term = Math.max(newest + 1, environment.now() + Math.random())
    memory.seq = Math.max(memory.seq, 0)
    dial(beginAfter)
  }

  function onAsk(
    from: string,
    term: number,
    seq: number,
    id: string,
    events: readonly string[],
    ahead: readonly Entry[],
  ): void {
    const { sent } = peers.get(from) ?? { sent: 0 }
    peers.set(from, { names: events, sent })
    if (stage === 'claiming') {
      if (term === memory.term && !beginAfter) {
        for (const [number, frame, last] of ahead) if (number === memory.seq + 1) take(number, frame, last)
      } else if (term > memory.term || (term === memory.term && seq < memory.seq)) {
        // This one has slept, or has just come: it begins where it was, and the others drop what they have.
        memory.term = term
        newest = Math.max(newest, term)
        memory.seq = seq
        beginAfter = request.lastEventId || id
      }
      answered.add(from)
      leadIfKnown()
    } else if (stage === 'leading') {
      for (const event of events) inner?.listen?.(event)
      // The clock was set back, and this one does not obey yet.
      if (term > newest) {
        before = memory.term
        newest = memory.term = term + 1
        announce()
      }
      const missed = missedBy(seq, id)
      if (missed) post('state', from, memory.term, before, memory.seq, info, id, missed)
      // A link that has just begun may still come to it, for this tab or another: the one that asks will ask again.
      else if (memory.dropUntil || environment.now() < begunAt + leaderTimeout) announce()
      // More than is kept: from there on for all.
      else dial(id)
    }
  }

  /** What an asker gets; `undefined` where the server must say it again. A number alone proves nothing: the stream may have begun anew. */
  function missedBy(seq: number, id: string): readonly Entry[] | undefined {
    if (!id) return seq < 0 ? [] : history.rest(seq)
    return history.after(seq, id) ?? (id === lastId() ? [] : undefined)
  }

  function announce(from = ''): void {
    post('state', '', memory.term, before, memory.seq, info, from, [])
  }

  /** Opens the inner link, after the one before it. */
  function dial(from: string): void {
    inner?.close()
    inner = undefined
    info = null
    beginAfter = ''
    begunAt = environment.now()
    if (from) restart(memory.seq, from)
    mirror(null)
    announce(from)
    if (stage === 'leading') inner = open()
  }

  function open(): Link | undefined {
    const { attempt, error, signal, maxMessageSize } = request
    const ended = (reason: RealtimeError) => {
      post('told', memory.term, 'ended', factsOf(reason), 0)
      end(reason)
    }
    try {
      return transport.open(
        {
          attempt,
          error,
          signal,
          maxMessageSize,
          environment,
          session,
          deadline: environment.now() + openTimeout,
          get events() {
            return [...new Set([...names, ...[...peers.values()].flatMap((peer) => peer.names)])]
          },
          get lastEventId() {
            return lastId()
          },
        },
        {
          opened(facts) {
            isOpen = true
            opening = { transport: transport.name, ...facts }
            observer.opened(facts)
            if (!session) welcomed()
          },
          received: (frame, receivedAt) => record(frame, frame.id ?? '', receivedAt),
          alive(id) {
            if (id === undefined || id === request.lastEventId) observer.alive()
            else record(null, id)
          },
          retryAfter(ms) {
            post('told', memory.term, 'retryAfter', null, ms)
            observer.retryAfter(ms)
          },
          interrupted(reason, retryAt) {
            info = null
            isOpen = false
            post('told', memory.term, 'interrupted', factsOf(reason), retryAt)
            observer.interrupted(reason, retryAt)
          },
          ended,
        },
      )
    } catch (cause) {
      ended(asError(cause, 'unreachable'))
      return
    }
  }
  let opening: OpenInfo = {}

  function record(frame: Inbound | null, id: string, receivedAt?: number): void {
    post('entry', memory.term, memory.seq + 1, frame, id)
    take(memory.seq + 1, frame, id, receivedAt)
  }

  function welcomed(): void {
    if (stage !== 'leading') return
    info = opening
    // What the last leader has not confirmed, before anything newer.
    const { outbox } = memory
    memory.outbox = outbox.filter(({ frame }) => !hand(frame))
    announce()
  }

  function hand(frame: Frame): boolean {
    try {
      inner?.send?.(frame)
      return true
    } catch {
      // Its end is on its way.
      return false
    }
  }

  function send(frame: Frame): void {
    if (inner) return inner.send?.(frame)
    memory.sent += 1
    const outgoing = { ...keep(frame), count: memory.sent }
    memory.outbox.push(outgoing)
    post('send', me, outgoing.count, outgoing.frame)
  }

  function onSend(from: string, count: number, frame: Frame): void {
    const peer = peers.get(from)
    // What comes before the link is open comes again when it is.
    if (!peer || !info) return
    if (count > peer.sent) {
      if (!hand(frame)) return
      peer.sent = count
    }
    post('sent', from, count)
  }

  /** Another tab has taken over. */
  function demote(): void {
    inner?.close()
    inner = undefined
    info = null
    mirror(null)
    if (stage !== 'over') follow()
  }

  if (session) session.welcomed = welcomed
  follow()

  return {
    get busy() {
      return inner?.busy === true
    },
    get bufferedAmount() {
      const unsent = memory.outbox.reduce((sum, { bytes }) => sum + bytes, 0)
      return unsent + ((inner ? inner.bufferedAmount : 0) ?? session?.bufferedAmount ?? 0)
    },
    get isLocal() {
      return inner?.isLocal === true
    },
    get clue() {
      return inner?.clue as NonNullable<Link['clue']>
    },
    listen(event) {
      if (names.has(event)) return
      names.add(event)
      if (inner) inner.listen?.(event)
      else ask()
    },
    ...((transport as Partial<DuplexTransport>).duplex && {
      send,
      sendUrgent: (frame: Frame) => (inner?.sendUrgent ? inner.sendUrgent(frame) : send(frame)),
    }),
    close(...farewell) {
      if (stage === 'over') return
      inner?.close(...farewell)
      post('bye', me, stage !== 'following')
      leave()
    },
  }
}

/**
 * One tab among those of its name, from `open` until its link is over. It follows, or claims the lead when it is granted the lock, or
 * leads. Entries have names that all tabs agree on, so that each knows what it has missed, and the leader whom it can tell.
 */
import type { Frame } from '../codec.ts'
import { asError, RealtimeError } from '../errors.ts'
import type { DuplexTransport, Link, LinkObserver, LinkRequest, Transport } from '../transport.ts'
import { createHistory, isAnywhere, isSame } from './history.ts'
import { countWaiting, type Leadership, seekLeadership } from './leadership.ts'
import { type Entry, factsOf, isMessage, type Messages, type OpenInfo, type Position, version } from './messages.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createStream, type StreamMemory } from './stream.ts'

/** How long a claim waits for the others' answers, and for the last words of a leader that may have crashed. */
const patienceWithTabs = 100

/** What outlives a link: where this tab is, for when it has slept. */
export interface Memory extends StreamMemory {
  readonly me: string
  readonly outbox: Outbox
  /** The newest term that was heard of. */
  newest: number
  /** Its questions are counted. */
  asked: number
}

export function createMemory(): Memory {
  // Not randomness that a test may have fixed: two tabs must differ.
  const me = `${Math.random()}`
  return { me, history: createHistory(), outbox: createOutbox(), newest: 0, asked: 0, resumeAt: undefined }
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
  const { history, me, outbox } = memory
  const group = `holdfast/${version}/${name}`
  const openTimeout = request.deadline - environment.now()
  const stream = createStream(memory, request, observer)
  const names = new Set(request.events)
  /** The events that the others hear. */
  const peers = new Map<string, readonly string[]>()
  /** For whom the link has begun anew. A server that says nothing again then does not do so at all. */
  const helped = new Set<string>()
  /** How much of what a tab has sent the link has taken. Also of one that has left: it may come back. */
  const taken = new Map<string, number>()

  let stage: 'following' | 'claiming' | 'leading' | 'over' = 'following'
  let leadership: Leadership | undefined
  let inner: Link | undefined
  /** What the leader's link is open with, once its client counts as open. */
  let info: OpenInfo | null = null
  let opening: OpenInfo
  /** What the observer was told last. */
  let isOpen = false
  /** Ticks of a follower that no leader has answered, less one. */
  let silence: number
  /** The question that waits for its answer. */
  let asked: number
  /** The term whose entries follow upon what this tab has. */
  let term: number
  /** Where it began. */
  let base: Position
  /** There is a leader that has not said goodbye. */
  let isLed = false
  /** Those who have answered the claim, of how many; and where one that has nothing yet begins, for the first of them. */
  const answered = new Set<string>()
  let waiting: number
  let start: Position | undefined
  /** Since when it is. */
  let openedAt: number
  let cancelTimer: (() => void) | undefined

  let channel = new BroadcastChannel(group)
  channel.onmessage = ({ data }) => {
    if (stage !== 'over' && isMessage(data))
      hear[data[0]](...(data.slice(1) as [never, never, never, never, never, never, never]))
  }

  function post<Kind extends keyof Messages>(kind: Kind, ...rest: Messages[Kind]): void {
    if (stage !== 'over') channel.postMessage([kind, ...rest])
  }

  const hear: { [Kind in keyof Messages]: (...rest: Messages[Kind]) => void } = {
    ask: onAsk,
    claim(at) {
      if (stage !== 'following') return
      silence = -1
      isLed = true
      const place = history.find(at)
      ask(place < 0 ? [] : history.after(place - 1))
    },
    state: onState,
    entry: onEntry,
    told: onTold,
    send: onSend,
    sent(to, last) {
      if (to === me) outbox.confirm(last)
    },
    bye(from, leads) {
      peers.delete(from)
      helped.delete(from)
      if (!leads) return
      isLed = false
      leadIfKnown()
    },
  }

  // ── following ──

  function follow(): void {
    stage = 'following'
    silence = 0
    // A link that began further back has ended on its way.
    if (memory.resumeAt) stream.moveTo(memory.resumeAt)
    leadership = seekLeadership(locks, group, claim, demote, () => {
      // Where locks are forbidden, nobody could say who of two leaders is one.
      channel.close()
      channel = new BroadcastChannel(me)
      lead()
    })
    ask()
    watch()
  }

  function ask(ahead: readonly Entry[] | null = null): void {
    asked = memory.asked += 1
    post('ask', me, asked, memory.newest, stream.at, [...names], ahead)
  }

  function askOnce(): void {
    if (!asked) ask()
  }

  /** Ticks are counted, not time: after a sleep the answers come before the second of them. */
  function watch(): void {
    cancelTimer?.()
    cancelTimer = environment.setTimer(() => {
      silence += 1
      // A tab that is seen goes first.
      if (silence > (environment.isHidden?.() ? 6 : 2)) leadership?.steal()
      else if (silence > 0 || asked) ask()
      watch()
    }, leaderTimeout / 4)
  }

  /** Whether a leader's word counts here. */
  function obeys(its: number, isAnswer = false): boolean {
    if (its < memory.newest) return false
    if (its > memory.newest) {
      // An answer of the leader before it will not come any more.
      if (!isAnswer) asked = 0
      // Nor its word on what this tab has sent, which goes to the next one as soon as that is open.
      mirror(null)
    }
    if (stage === 'leading') {
      if (its === memory.newest) return false
      // It was replaced while it slept.
      leadership?.release()
      demote()
    }
    memory.newest = its
    silence = -1
    isLed = true
    return true
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
    const isMine = to === me
    if (!obeys(its, isMine) || (to && !isMine)) return
    // One that has nothing yet would miss what comes until it knows where it begins.
    const isAnswered = isMine && answer === asked
    if (!opened || isAnswered || isAnywhere(stream.at)) mirror(opened)
    if (isMine) {
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
    askFor(seq)
  }

  /** One answer brings all there is. Where it does not come, the next tick asks again. */
  function askFor(seq: number): void {
    if (seq > stream.seq) askOnce()
  }

  function onEntry(...entry: Entry): void {
    const [its, seq, id] = entry
    if (!obeys(its)) return
    if (its === term) {
      if (seq === stream.seq + 1) take(entry)
      else askFor(seq)
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
    if (stage !== 'over') stream.take(entry, receivedAt)
  }

  function onTold(its: number, report: Messages['told'][1], facts: Messages['told'][2], time: number): void {
    if (!obeys(its)) return
    if (report === 'retryAfter') return observer.retryAfter(time)
    const { code = 'lost', message, ...details } = facts
    const error = new RealtimeError(code, message, details)
    if (report === 'ended') end(error)
    else {
      isOpen = false
      observer.interrupted(error, time)
    }
  }

  /** A follower is open when the leader is. */
  function mirror(opened: OpenInfo | null): void {
    if (stage === 'over' || isOpen === !!opened) return
    isOpen = !isOpen
    if (opened) {
      const oldest = outbox.oldest as number
      outbox.offer((frame, count) => {
        post('send', me, memory.newest, count, frame, oldest)
        return false
      })
      observer.opened({ ...opened, shared: true })
    } else observer.interrupted(new RealtimeError('aborted', 'Another tab takes over.'), environment.now())
  }

  function end(error: RealtimeError): void {
    leave()
    observer.ended(error)
  }

  function leave(): void {
    post('bye', me, stage !== 'following')
    stage = 'over'
    cancelTimer?.()
    leadership?.release()
    channel.close()
    count(outbox.bytes)
  }

  /** While no link counts what waits in the outbox, the session does. */
  function count(bytes: number): void {
    if (session && !session.signal.aborted) session.bufferedAmount += bytes
  }

  // ── leading ──

  function claim(): void {
    stage = 'claiming'
    answered.clear()
    // Whoever is still there answers.
    peers.clear()
    helped.clear()
    waiting = Infinity
    start = undefined
    post('claim', stream.at)
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
    peers.set(from, events)
    if (stage === 'claiming') {
      memory.newest = Math.max(memory.newest, newest)
      // It may be the answer to another's claim: an entry is taken behind the one that it came behind.
      ahead?.forEach((entry, place) => {
        if (place && isSame(stream.at, ahead[place - 1] as Entry)) take(entry)
      })
      if (isAnywhere(at)) start ??= at
      // An older question says nothing of what the last leader has said since.
      if (ahead) answered.add(from)
      leadIfKnown()
    } else if (stage === 'leading') {
      for (const event of events) inner?.listen?.(event)
      // The clock was set back, and this one does not obey yet.
      if (newest > memory.newest) {
        memory.newest = newest
        helped.clear()
        return dial(stream.at)
      }
      const known = history.from(at, !memory.resumeAt && isSettled() && helped.has(from))
      if (known) post('state', from, question, term, info, ...known)
      // A link that has just begun may still come to it, for this tab or another: the one that asks will ask again.
      else if (!isSettled()) announce()
      // It went back in vain, and has nothing yet of what the others have.
      else if (memory.resumeAt) dial(memory.resumeAt)
      // More than is kept: from there on for all.
      else {
        helped.add(from)
        dial(at)
      }
    }
  }

  /** Whether what the link was to repeat has come, if it comes. */
  function isSettled(): boolean {
    return !!info && Math.abs(environment.now() - openedAt) >= leaderTimeout * (memory.resumeAt ? 2 : 1)
  }

  function announce(): void {
    post('state', '', 0, term, info, base, stream.seq, [])
  }

  /** Opens the inner link, after the one before it. */
  function dial([was, seq, id]: Position = [0, -1, '']): void {
    hangUp()
    // Who has heard of it may have closed the client, or connected anew.
    if (stage === 'over') return
    // Higher than any before, also than those that this tab has not heard of; and no other's.
    memory.newest = term = Math.max(Math.floor(memory.newest) + 1, environment.now()) + Math.random()
    // An id that a tab was given has no name yet, and neither has the beginning of all.
    base = [seq < 0 ? term : was, Math.max(seq, 0), id]
    stream.goBack(base)
    taken.clear()
    announce()
    open()
  }

  function open(): void {
    const ended = (reason: RealtimeError) => {
      tell('ended', 0, reason)
      end(reason)
    }
    try {
      inner = transport.open(
        {
          ...request,
          deadline: environment.now() + openTimeout,
          get events() {
            return [...new Set([...names, ...[...peers.values()].flat()])]
          },
          get lastEventId() {
            return stream.lastId
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
            if (id === undefined || id === stream.lastId) observer.alive()
            else record(null, id)
          },
          retryAfter(ms) {
            tell('retryAfter', ms)
            observer.retryAfter(ms)
          },
          interrupted(reason, retryAt) {
            info = null
            isOpen = false
            tell('interrupted', retryAt, reason)
            observer.interrupted(reason, retryAt)
          },
          ended,
        },
      )
      // A provider may have closed the client.
      if (stage === 'over') hangUp()
    } catch (cause) {
      ended(asError(cause, 'unreachable'))
    }
  }

  function tell(report: Messages['told'][1], time: number, reason?: RealtimeError): void {
    post('told', term, report, factsOf(reason), time)
  }

  function record(frame: Entry[3], id: string, receivedAt?: number): void {
    // The server does not know the older id any more: what it says since then the others have not heard, either.
    if (id && memory.resumeAt && isSettled()) return dial(memory.resumeAt)
    const entry: Entry = [term, stream.seq + 1, id, frame]
    post('entry', ...entry)
    take(entry, receivedAt)
  }

  function welcomed(): void {
    if (stage !== 'leading') return
    info = opening
    openedAt = environment.now()
    // What the last leader has not confirmed, before anything newer.
    outbox.offer(hand)
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
    const outgoing = outbox.add(frame)
    post('send', me, memory.newest, outgoing.count, outgoing.frame, outbox.oldest as number)
  }

  function onSend(from: string, its: number, count: number, frame: Frame, oldest: number): void {
    // Of one who has not heard of this term yet. When it has, it sends again what nobody has confirmed.
    if (!inner || its !== memory.newest) return
    // What comes before the link is open comes again when it is, and what has overtaken it as well; what a leader before this one
    // has confirmed meanwhile does not.
    let last = Math.max(taken.get(from) ?? 0, oldest - 1)
    if (info && count === last + 1 && hand(frame)) last = count
    taken.set(from, last)
    if (count <= last) post('sent', from, count)
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
    if (stage !== 'over') follow()
  }

  if (session) session.welcomed = welcomed
  count(-outbox.bytes)
  follow()

  return {
    get busy() {
      return !!inner?.busy
    },
    get bufferedAmount() {
      return outbox.bytes + ((inner ? inner.bufferedAmount : 0) ?? session?.bufferedAmount ?? 0)
    },
    get isLocal() {
      return !!inner?.isLocal
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
      leave()
    },
  }
}

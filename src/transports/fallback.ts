/**
 * Several ways to the same messages, tried in order within one attempt. Knows of its transports only what every transport
 * tells, and keeps them apart by position: no URL gets into the storage.
 */
import type { Frame, Inbound } from '../codec.ts'
import { asError, must, mustBeFunction, RealtimeError } from '../errors.ts'
import type { DuplexTransport, Link, LinkObserver, LinkRequest, Transport } from '../transport.ts'
import { setDeadline } from './deadline.ts'
import { createExperience, type FallbackOptions } from './experience.ts'
import type { UpstreamSession } from './lanes.ts'

/** The end of a link that had opened, and never brought a message. */
interface Death {
  /** The position of its transport. */
  readonly index: number
  readonly at: number
  /** How long it was open, in milliseconds. */
  readonly age: number
}

/** A link that is lost within so many milliseconds, without a message, speaks against its transport. */
const early = 10_000

/** Codes that are not retryable, but say nothing of the other candidates. */
const hopeless = ['not-a-stream', 'unsupported', 'insecure']

/**
 * Tries the transports in order, one link at a time, all within one attempt: each but the last has at most half of what is left of
 * `openTimeout`, and less where it has dialed well before. `state.transport` and `meta.transport` tell which one carries.
 *
 * It moves on at 'unreachable', 'timeout', 'not-a-stream', 'unsupported' and 'insecure'. Any other end ends the attempt, above all what
 * the server has decided: 'refused', 'unauthorized', 'ended', and whatever comes with `Retry-After`. Where all fail, the attempt's
 * error is the first that may be tried again, or a later such one with an HTTP status, which says more.
 *
 * A failure alone changes no order. A transport comes first from then on if it opens where another one has failed, or if the one
 * before it has opened for the third time in five minutes only to be lost within 10 s without a message; where its handshake got no
 * answer, within 10 s more than `openTimeout`. That holds for `rememberFor`, per origin and list of transports; the first attempt after
 * that time begins with the first of the list.
 *
 * The result can send if all of them can. Throws 'invalid-config' for what is no list of transports.
 *
 * @example
 * const client = createClient(fallback([webSocket('/live'), withUpstream(fetchStream('/events'), '/messages')]))
 */
export function fallback(transports: readonly DuplexTransport[], options?: FallbackOptions): DuplexTransport
export function fallback(transports: readonly Transport[], options?: FallbackOptions): Transport
export function fallback(transports: readonly Transport[], options: FallbackOptions = {}): Transport {
  must(Array.isArray(transports) && transports.length, 'fallback() takes an array of transports.')
  for (const transport of transports) mustBeFunction(transport?.open, 'transport.open')

  const duplex = transports.every((candidate) => (candidate as Partial<DuplexTransport>).duplex)
  const name = `fallback(${transports.map((candidate) => candidate.name)})`
  const recall = createExperience(name, options)
  /** By client (its session): when several lose their links at once, that has one cause. */
  const deaths = new WeakMap<object, readonly Death[]>()
  /** By client: how its last link ended, where that has not been counted. The `error` of the next attempt says whether it should be. */
  const closings = new WeakMap<object, Death>()

  return {
    name,
    ...(duplex && { duplex }),
    open(request: LinkRequest, observer: LinkObserver): Link {
      const { environment, session = transports, deadline } = request
      const now = () => environment.now()
      const experience = recall(environment)
      const closing = closings.get(session)
      // Below which age such an end counts, by why the client gave up the link: not even its handshake or heartbeat got an answer.
      const maxAges: { readonly [code: string]: number } = {
        timeout: ((session as UpstreamSession).openTimeout as number) + early,
        silent: early,
      }
      if (closing && closing.age < (maxAges[request.error?.code as string] as number)) count(closing)
      closings.delete(session)
      const untried = [...transports.keys()]
      // NaN takes the first, which changes nothing.
      untried.unshift(...untried.splice(experience.best(now()), 1))
      /** Which candidate may speak, as the number of those after it. None may, once it is `undefined`. */
      let turn: number | undefined
      let index = 0
      let inner: Link = { close() {} }
      let failure: RealtimeError | undefined
      /** When the link opened, NaN before. -Infinity once a message has come or its end was counted: then its end says nothing more. */
      let bornAt = NaN
      let cancelTimer: (() => void) | undefined

      function tryNext(): void {
        const startedAt = now()
        const left = deadline - startedAt
        index = untried.shift() as number
        const candidate = transports[index] as Transport
        const mine = untried.length
        // Four times what the last good dial took, or 2 s if that is longer: a lost packet alone costs a second.
        const known = Math.max(2000, 4 * (experience.took[index] as number))
        const share = mine ? Math.min(left / 2, known || left) : left
        turn = mine

        function heard<A = void, B = void>(report: (a: A, b: B) => void): (a: A, b: B) => void {
          return (a, b) => {
            if (turn === mine) report(a, b)
          }
        }

        const ended = heard((error: RealtimeError) => {
          const { code, retryable, retryAfter, status } = error
          giveUp(code === 'lost')
          const mayMove = hopeless.includes(code) || (retryable && code !== 'unauthorized' && retryAfter === undefined)
          if (bornAt < Infinity || !mayMove) return observer.ended(error)
          if (!failure || (retryable && (status || !failure.retryable))) failure = error
          if (mine) tryNext()
          else observer.ended(failure)
        })

        if (mine) {
          cancelTimer = setDeadline(
            environment,
            () => ended(new RealtimeError('timeout', `Not open in ${share} ms.`, inner.clue)),
            share,
          )
        }
        try {
          const link = candidate.open(
            {
              ...request,
              deadline: startedAt + share,
              get events() {
                return request.events
              },
              get lastEventId() {
                return request.lastEventId
              },
            },
            {
              opened: heard((info: Parameters<LinkObserver['opened']>[0]) => {
                cancelTimer?.()
                // Only native EventSource opens a second time.
                if (!(bornAt < Infinity)) {
                  bornAt = now()
                  experience.took[index] = bornAt - startedAt
                  experience.write(failure && index, bornAt)
                }
                observer.opened({ ...info, transport: info?.transport ?? candidate.name })
              }),
              received: heard((frame: Inbound, receivedAt?: number) => {
                bornAt = -Infinity
                observer.received(frame, receivedAt)
              }),
              alive: heard(observer.alive),
              retryAfter: heard(observer.retryAfter),
              interrupted: heard(observer.interrupted),
              ended,
            },
          )
          if (turn === mine) inner = link
          else link.close()
        } catch (cause) {
          ended(asError(cause, 'unreachable'))
        }
      }

      function giveUp(isLost: boolean, ...farewell: Parameters<Link['close']>): void {
        turn = undefined
        cancelTimer?.()
        const at = now()
        const death = { index, at, age: at - bornAt }
        if (isLost && death.age < early) {
          bornAt = -Infinity
          count(death)
        } else if (death.age < Infinity) closings.set(session, death)
        inner.close(...farewell)
      }

      function count(death: Death): void {
        const recent = [...(deaths.get(session) ?? []), death].filter(
          ({ index, at }) => index === death.index && death.at - at < 300_000,
        )
        deaths.set(session, recent)
        // After the last one there is no next: at that position nothing is moved, and the order is that of the list.
        if (recent.length > 2) experience.write(death.index + 1, now())
      }

      tryNext()
      return {
        get isLocal() {
          return inner.isLocal
        },
        get clue() {
          return inner.clue
        },
        get busy() {
          // A POST that another candidate has under way goes before anything sent later.
          return (session as UpstreamSession).posts?.size ? true : inner.busy
        },
        get bufferedAmount() {
          // A socket counts only its own bytes, and not those that are left to post.
          return inner.bufferedAmount || (session as UpstreamSession).bufferedAmount
        },
        ...(duplex && {
          send: (frame: Frame) => (inner as Required<Link>).send(frame),
          sendUrgent: (frame: Frame) => (inner.sendUrgent ?? (inner as Required<Link>).send).call(inner, frame),
        }),
        get listen() {
          return inner.listen?.bind(inner)
        },
        close(...farewell) {
          giveUp(false, ...farewell)
        },
      } as Link
    },
  } as Transport
}

/**
 * What is under way upstream in a client's session: messages in order, one request at a time, repeated until the server has
 * taken them. Knows no URL and no fetch.
 */
import type { Frame } from '../codec.ts'
import { createBackoff } from '../connection/backoff.ts'
import type { Kept } from '../delivery/send-queue.ts'
import { asError, RealtimeError } from '../errors.ts'
import type { LinkRequest, LinkSession } from '../transport.ts'
import { setDeadline } from './deadline.ts'
import { createKey, type Upload } from './upload.ts'

/** What the upstreams of one client share. It has several where they are candidates of a `fallback`. */
export interface UpstreamSession extends LinkSession {
  /** Messages under way: those sent later wait for them, whichever link there is by then. */
  posts?: Set<Post>
  /** Ends the waits of these before their repeats, except those that the server asked for. */
  hurry?: () => void
  /** Resolves when no request is under way: there is one at a time, whichever upstream makes it. */
  flight?: Promise<unknown>
}

/** One message, from `Link.send` until the server has taken it or it is given up. */
export interface Post extends Kept {
  /** The request for the link that it was sent over: an urgent message is dropped with that link. */
  readonly owner: LinkRequest
  /** Ends the wait before a repeat, unless the server asked for that wait. */
  hurry?: () => void
}

/** Messages of one kind: tried one by one, in order. */
export interface Lane {
  readonly posts: ReadonlySet<Post>
  add(post: Post): void
  /** Forgets the message. A request of it that is under way goes on, but is not repeated. */
  drop(post: Post): void
  /** Ends the wait or the request that is under way. */
  stop(): void
}

/** Those of one session: for what the client queues, and for what goes past its queue. */
export function createLanes(
  upload: Upload,
  request: LinkRequest,
  session: UpstreamSession,
): readonly [queued: Lane, urgent: Lane] {
  const { environment } = request
  const { signal, posts: underWay = new Set() } = session
  session.posts = underWay
  // The server is back: what waits for a repeat need not wait any longer. Not before the handshake is done: its own POSTs would have to
  // wait behind those repeats.
  session.hurry ??= () => {
    for (const post of underWay) post.hurry?.()
  }
  session.welcomed ??= session.hurry
  const patience = session.openTimeout ?? request.deadline - environment.now()

  const lanes = [createLane(), createLane()] as const
  signal.addEventListener('abort', () => {
    const count = underWay.size
    session.bufferedAmount = 0
    underWay.clear()
    for (const lane of lanes) lane.stop()
    // What was under way may have arrived. The rest has not.
    if (count) session.report(new RealtimeError('aborted', `POSTs aborted: ${count}.`))
  })
  return lanes

  function createLane(): Lane {
    const backoff = createBackoff({}, environment)
    const posts = new Set<Post>()
    let isWorking = false
    let endWait = nothing
    let endTry = nothing

    const lane: Lane = {
      posts,
      add(post) {
        posts.add(post)
        underWay.add(post)
        session.bufferedAmount += post.bytes
        if (!isWorking) work()
      },
      drop(post) {
        posts.delete(post)
        if (underWay.delete(post)) session.bufferedAmount -= post.bytes
        endWait()
      },
      stop() {
        endWait()
        endTry()
      },
    }
    return lane

    async function work(): Promise<void> {
      isWorking = true
      for (const post of posts) {
        await deliver(post)
        lane.drop(post)
      }
      isWorking = false
      session.ready()
    }

    /** Tries until there is nothing more to try. What has been aborted or dropped goes no further. */
    async function deliver(post: Post): Promise<void> {
      const key = createKey()
      let error: RealtimeError | undefined
      const isOver = () => signal.aborted || !posts.has(post)
      backoff.startAfresh()
      while (!isOver()) {
        const turn = Promise.resolve(session.flight).then(() =>
          isOver() ? undefined : attempt(post.frame, key, backoff.refusal ?? error),
        )
        session.flight = turn
        const failure = await turn
        if (!failure || signal.aborted) return

        backoff.count({ status: 'idle' }, 1)
        error = backoff.judge(failure)
        // Dropped first: whoever hears of the error may close the client, which would tell of the message once more, as aborted.
        if (!error.retryable) lane.drop(post)
        session.report(error)
        // Whoever has heard of it may have closed the client, or this link.
        if (isOver()) return

        // A refusal is answered at once, with fresh headers.
        if (error.code !== 'unauthorized') await pause(post, error)
      }
    }

    function pause(post: Post, error: RealtimeError): Promise<void> {
      return new Promise((resolve) => {
        const cancel = environment.setTimer(resolve, backoff.decide(error) as number)
        endWait = () => {
          cancel()
          resolve()
        }
        if (error.retryAfter === undefined) post.hurry = endWait
      })
    }

    /** Resolves with why the message was not taken, or with nothing. */
    async function attempt(
      frame: Frame,
      key: string,
      error: RealtimeError | undefined,
    ): Promise<RealtimeError | undefined> {
      const abort = new AbortController()
      const context = {
        attempt: backoff.attempt,
        error,
        signal: abort.signal,
        get lastEventId() {
          return request.lastEventId
        },
      }
      try {
        await new Promise<void>((resolve, reject) => {
          const cancel = setDeadline(
            environment,
            () => reject(new RealtimeError('timeout', `The upstream has not answered in ${patience} ms.`)),
            patience,
          )
          endTry = () => {
            cancel()
            abort.abort()
          }
          upload(frame, key, context, environment).then(resolve, reject)
        })
      } catch (cause) {
        return asError(cause, 'unreachable')
      } finally {
        endTry()
      }
      return undefined
    }
  }
}

function nothing(): void {}

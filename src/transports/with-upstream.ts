/**
 * A sending half for a transport that only receives: each message is a request of its own. What is under way belongs to
 * the client's session and not to a link, so that it survives when the stream is replaced.
 */
import type { Frame } from '../codec.ts'
import { createBackoff } from '../connection/backoff.ts'
import { type Kept, keep } from '../delivery/send-queue.ts'
import { asError, mustBeFunction, RealtimeError } from '../errors.ts'
import { judgeStatus } from '../sse/response.ts'
import type { Attempt, DuplexTransport, Link, LinkRequest, LinkSession, Provider, Transport } from '../transport.ts'
import { setDeadline } from './deadline.ts'
import { answers } from './provide.ts'
import { causeOf, noAnswer, requestInit } from './request.ts'
import { resolveUrl } from './url.ts'

/** The requests that carry the messages of `withUpstream`. */
export interface WithUpstreamOptions {
  /** HTTP method of every request. @default 'POST' */
  readonly method?: string | undefined
  /** A function is asked for every request: the place for a token that expires, or for another content type. */
  readonly headers?: Provider<HeadersInit> | undefined
  /** Whether cookies are sent. @default 'same-origin' */
  readonly credentials?: RequestCredentials | undefined
  /** Another implementation of fetch. @default globalThis.fetch */
  readonly fetch?: typeof fetch | undefined
}

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
interface Post extends Kept {
  /** The request for the link that it was sent over: an urgent message is dropped with that link. */
  readonly owner: LinkRequest
  /** Ends the wait before a repeat, unless the server asked for that wait. */
  hurry?: () => void
}

/** Messages of one kind: tried one by one, in order. */
interface Lane {
  readonly posts: ReadonlySet<Post>
  add(post: Post): void
  /** Forgets the message. A request of it that is under way goes on, but is not repeated. */
  drop(post: Post): void
  /** Ends the wait or the request that is under way. */
  stop(): void
}

/**
 * Adds a sending half to a transport that only receives: `client.send` makes a request of every message, to `url`.
 *
 * One at a time, in order. `send` returns 'sent' when the message is on its way, and 'queued' while another one is: it waits
 * in the client's queue, with the bounds of that. Strings go as `application/json` and bytes as
 * `application/octet-stream`, unless `headers` have a content type.
 *
 * Each message has an `Idempotency-Key` of its own, a random UUID, which a repeat keeps. 2xx is success. 408, 425, 429, 5xx,
 * a request that fails and one without an answer within `openTimeout` are told to `onError` and repeated, after the waits
 * that `reconnect` has by default and not before `Retry-After` (of at most 300 s); 401 is repeated once, at once, with fresh headers; any other answer
 * drops the message, told as 'refused' with its status. A message whose answer was lost arrives twice, with the same key.
 *
 * What is under way goes on while the receiving link is replaced; `close()` aborts it, and `onError` hears 'aborted'. Redirects
 * are not followed ('refused'), since most turn the POST into a GET. Throws 'invalid-config' for what cannot
 * be requested; where a provider gives it, the message is dropped and `onError` told the same.
 *
 * @example
 * const client = createClient(withUpstream(eventSource('/events'), '/messages'))
 * client.connect()
 * client.send('chat', { text: 'hello' }) // POST /messages: {"type":"chat","data":{"text":"hello"}}
 */
export function withUpstream(
  transport: Transport,
  url: Provider<string | URL>,
  options: WithUpstreamOptions = {},
): DuplexTransport {
  mustBeFunction(transport?.open, 'transport.open')
  const { headers } = options
  if (options.fetch) mustBeFunction(options.fetch, 'fetch')
  requestInit(
    typeof url === 'function' ? new URL('http://a') : resolveUrl(url, 'http'),
    options,
    typeof headers === 'function' ? undefined : headers,
    '',
  )
  /** By session, since a transport may be shared by several clients. */
  const outboxes = new WeakMap<LinkSession, readonly [queued: Lane, urgent: Lane]>()

  return {
    name: transport.name,
    duplex: true,
    open(request, observer) {
      const own = new AbortController()
      const session: UpstreamSession = request.session ?? {
        signal: own.signal,
        bufferedAmount: 0,
        report() {},
        ready() {},
      }
      const lanes = outboxes.get(session) ?? createLanes(url, options, request, session)
      outboxes.set(session, lanes)
      const [queued, urgent] = lanes
      const inner = transport.open(request, observer)
      return {
        get isLocal() {
          return inner.isLocal
        },
        get clue() {
          return inner.clue
        },
        get busy() {
          return !!session.posts?.size
        },
        get bufferedAmount() {
          return session.bufferedAmount
        },
        get listen() {
          return inner.listen?.bind(inner)
        },
        send: (frame) => queued.add({ ...keep(frame), owner: request }),
        sendUrgent: (frame) => urgent.add({ ...keep(frame), owner: request }),
        close(...farewell) {
          for (const post of urgent.posts) if (post.owner === request) urgent.drop(post)
          own.abort()
          inner.close(...farewell)
        },
      } as Link
    },
  }
}

function createLanes(
  url: Provider<string | URL>,
  options: WithUpstreamOptions,
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
      let refusal: RealtimeError | undefined
      const isOver = () => signal.aborted || !posts.has(post)
      backoff.startAfresh()
      while (!isOver()) {
        const turn = Promise.resolve(session.flight).then(() =>
          isOver() ? undefined : attempt(post.frame, key, refusal ?? error),
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

        if (error.code === 'unauthorized') refusal = error
        else await pause(post, error)
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
          post(frame, key, context).then(resolve, reject)
        })
      } catch (cause) {
        return asError(cause, 'unreachable')
      } finally {
        endTry()
      }
      return undefined
    }
  }

  async function post(frame: Frame, key: string, context: Attempt): Promise<void> {
    const [where, given] = await answers<[string | URL, HeadersInit | undefined]>(context, url, options.headers)
    if (context.signal.aborted) return
    const { fetch = globalThis.fetch } = options
    if (!fetch) throw new RealtimeError('unsupported', 'Pass a fetch.')
    const target = resolveUrl(where, 'http', environment.origin())
    const type = typeof frame === 'string' ? 'application/json' : 'application/octet-stream'
    const init = requestInit(target, options, given, frame as BodyInit, ['content-type', type])
    init.headers.set('Idempotency-Key', key)

    let response: Response
    try {
      response = await fetch(target.href, { ...init, redirect: 'manual', signal: context.signal })
    } catch (cause) {
      const error = asError(cause, 'unreachable', "The upstream's fetch")
      throw error === cause
        ? error
        : new RealtimeError('unreachable', error.message, { ...causeOf(error), hint: noAnswer })
    }
    // Unread, the body would hold the connection. That of another implementation may be a stream of Node, which has no `cancel`.
    response.body?.cancel?.().catch(() => {})
    if (response.ok) return
    const { code, details } = judgeStatus(response, environment.now())
    throw new RealtimeError(code, `The upstream answered with ${response.status}.`, {
      ...details,
      ...(response.status < 400 && {
        hint: 'It redirects, which would make a GET of the message: give the final URL.',
      }),
    })
  }
}

function nothing(): void {}

/** A random UUID, also on pages without https, where `crypto.randomUUID` is missing. */
function createKey(): string {
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => {
    const [random = 0] = crypto.getRandomValues(new Uint8Array(1))
    // Of the digit that holds the variant, the two bits that are set stay: https://www.rfc-editor.org/rfc/rfc9562#section-5.4
    return (+digit ^ (random & (15 >> (+digit / 4)))).toString(16)
  })
}

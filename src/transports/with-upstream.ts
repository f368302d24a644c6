/**
 * A sending half for a transport that only receives: each message is a request of its own. What is under way belongs to
 * the client's session and not to a link, so that it survives when the stream is replaced.
 */
import type { Frame } from '../codec.ts'
import { createBackoff } from '../connection/backoff.ts'
import { keep } from '../delivery/send-queue.ts'
import { asError, mustBeFunction, RealtimeError } from '../errors.ts'
import { judgeStatus } from '../sse/response.ts'
import type { Attempt, DuplexTransport, Link, LinkRequest, LinkSession, Provider, Transport } from '../transport.ts'
import { answers } from './provide.ts'
import { causeOf, noAnswer, requestInit } from './request.ts'
import { resolveUrl } from './url.ts'

export interface WithUpstreamOptions {
  /** @default 'POST' */
  readonly method?: string | undefined
  /** A function is asked for every request: the place for a token that expires, or for another content type. */
  readonly headers?: Provider<HeadersInit> | undefined
  /** Whether cookies are sent. @default 'same-origin' */
  readonly credentials?: RequestCredentials | undefined
  /** Another implementation. @default globalThis.fetch */
  readonly fetch?: typeof fetch | undefined
}

/** One message, from `Link.send` until the server has taken it or it is given up. */
interface Post {
  readonly frame: Frame
  readonly bytes: number
  /** Once under way it goes on without it. */
  readonly link: Link
}

/** What one session has handed over. The first is under way; others are the handshake's and probes. */
interface Outbox {
  posts: Post[]
  add(post: Post): void
  /** Ends the wait for a repeat, unless the server asked for it. */
  hurry(): void
}

/**
 * Adds a sending half to a transport that only receives: `client.send` makes a request of every message, to `url`.
 *
 * One at a time, in order. `send` returns 'sent' when the message is on its way, and 'queued' while another one is: it waits
 * in the client's queue, with the bounds of that. Strings go as `application/json` and bytes as
 * `application/octet-stream`, unless `headers` have a content type.
 *
 * Each message has an `Idempotency-Key` of its own, a random UUID, which a repeat keeps. 2xx is success. 408, 425, 429, 5xx,
 * a request that fails and one without an answer within `openTimeout` are told to `onError` and repeated, after the same
 * waits as between links by default and not before `Retry-After`; 401 is repeated once, at once, with fresh headers; any other answer
 * drops the message, told as 'refused' with its status. A message whose answer was lost arrives twice, with the same key.
 *
 * What is under way goes on while the receiving link is replaced; `close()` aborts it. Throws 'invalid-config' for what cannot
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
  /** A transport is shared by several clients. */
  const outboxes = new WeakMap<LinkSession, Outbox>()

  return {
    name: transport.name,
    duplex: true,
    open(request, observer) {
      const own = new AbortController()
      const session = request.session ?? { signal: own.signal, bufferedAmount: 0, report() {}, ready() {} }
      const outbox = outboxes.get(session) ?? createOutbox(url, options, request, session)
      outboxes.set(session, outbox)
      const inner = transport.open(request, {
        ...observer,
        opened(info) {
          observer.opened(info)
          // The server is back: what waits for it need not wait any longer.
          outbox.hurry()
        },
      })
      const link = {
        get isLocal() {
          return inner.isLocal
        },
        get clue() {
          return inner.clue
        },
        get busy() {
          return outbox.posts.length > 0
        },
        get bufferedAmount() {
          return outbox.posts.reduce((sum, { bytes }) => sum + bytes, 0)
        },
        listen: (event) => inner.listen?.(event),
        send: (frame) => outbox.add({ ...keep(frame, Infinity), link }),
        close(...farewell) {
          outbox.posts = outbox.posts.filter((post, index) => !index || post.link !== link)
          own.abort()
          inner.close(...farewell)
        },
      } as Link
      return link
    },
  }
}

function createOutbox(
  url: Provider<string | URL>,
  options: WithUpstreamOptions,
  request: LinkRequest,
  session: LinkSession,
): Outbox {
  const { environment } = request
  const { signal } = session
  const patience = session.openTimeout ?? request.deadline - environment.now()
  const backoff = createBackoff({}, environment)
  /** Ends what is under way, be it a request or a wait. */
  let stop = () => {}

  const outbox: Outbox = {
    posts: [],
    add(post) {
      if (outbox.posts.push(post) === 1) work()
    },
    hurry() {},
  }
  signal.addEventListener('abort', () => stop())

  async function work(): Promise<void> {
    for (let [post] = outbox.posts; post; [post] = outbox.posts) {
      session.bufferedAmount = post.bytes
      await deliver(post.frame)
      session.bufferedAmount = 0
      outbox.posts.shift()
    }
    session.ready()
  }

  /** Tries until there is nothing more to try. What has been aborted goes no further. */
  async function deliver(frame: Frame): Promise<void> {
    const key = createKey()
    let error: RealtimeError | undefined
    let refusal: RealtimeError | undefined
    backoff.startAfresh()
    while (!signal.aborted) {
      const failure = await attempt(frame, key, refusal ?? error)
      if (!failure || signal.aborted) return

      backoff.count({ status: 'idle' }, 1)
      error = backoff.judge(failure)
      session.report(error)
      const verdict = backoff.decide(error)
      // Who has heard of it may have closed the client.
      if (signal.aborted || typeof verdict !== 'number') return

      const { code, retryAfter } = error
      if (code === 'unauthorized') refusal = error
      else
        await new Promise<void>((resolve) => {
          const cancel = environment.setTimer(resolve, verdict)
          stop = () => {
            cancel()
            resolve()
          }
          if (retryAfter === undefined) outbox.hurry = stop
        })
    }
  }

  /** Resolves with why the message was not taken. */
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
        const cancel = environment.setTimer(
          () => reject(new RealtimeError('timeout', `The upstream has not answered in ${patience} ms.`)),
          patience,
        )
        stop = () => {
          cancel()
          abort.abort()
        }
        post(frame, key, context).then(resolve, reject)
      })
    } catch (cause) {
      return asError(cause, 'unreachable')
    } finally {
      stop()
    }
    return undefined
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
      response = await fetch(target.href, { ...init, signal: context.signal })
    } catch (cause) {
      const error = asError(cause, 'unreachable', "The upstream's fetch")
      throw error === cause
        ? error
        : new RealtimeError('unreachable', error.message, { ...causeOf(error), hint: noAnswer })
    }
    // Nobody reads it, and unread it would hold the connection.
    response.body?.cancel().catch(() => {})
    if (response.ok) return
    const { code, details } = judgeStatus(response, environment.now())
    throw new RealtimeError(code, `The upstream answered with ${response.status}.`, details)
  }

  return outbox
}

/** A random UUID, also on pages without https, where `crypto.randomUUID` is missing. */
function createKey(): string {
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => {
    const [random = 0] = crypto.getRandomValues(new Uint8Array(1))
    // Of the digit that holds the variant, the two bits that are set stay: https://www.rfc-editor.org/rfc/rfc9562#section-5.4
    return (+digit ^ (random & (15 >> (+digit / 4)))).toString(16)
  })
}

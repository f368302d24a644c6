/**
 * A sending half for a transport that only receives: which message belongs to which link, and to which client. What is under
 * way belongs to the client's session and not to a link, so that it survives when the stream is replaced. Knows neither the
 * order of messages nor what their requests are made of.
 */
import { keep } from '../delivery/send-queue.ts'
import { mustBeFunction } from '../errors.ts'
import type { DuplexTransport, Link, LinkSession, Provider, Transport } from '../transport.ts'
import { createLanes, type Lane, type UpstreamSession } from './lanes.ts'
import { createUpload, type WithUpstreamOptions } from './upload.ts'

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
  const upload = createUpload(url, options)
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
      const lanes = outboxes.get(session) ?? createLanes(upload, request, session)
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

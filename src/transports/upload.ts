/**
 * One message as one request: what it is made of, and what its answer means. Knows neither order nor repeats, no deadline
 * and no link.
 */
import type { Frame } from '../codec.ts'
import type { Environment } from '../environment.ts'
import { asError, mustBeFunction, RealtimeError } from '../errors.ts'
import { judgeStatus } from '../sse/response.ts'
import type { Attempt, Provider } from '../transport.ts'
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

/** Resolves when the server has taken the frame, or the attempt was aborted; rejects with why it was not taken. A repeat has the same `key`. */
export type Upload = (frame: Frame, key: string, attempt: Attempt, environment: Environment) => Promise<void>

/** Throws 'invalid-config' for what cannot be requested. */
export function createUpload(url: Provider<string | URL>, options: WithUpstreamOptions): Upload {
  if (options.fetch) mustBeFunction(options.fetch, 'fetch')
  requestInit(
    typeof url === 'function' ? new URL('http://a') : resolveUrl(url, 'http'),
    options,
    typeof options.headers === 'function' ? undefined : options.headers,
    '',
  )

  return async (frame, key, attempt, environment) => {
    const [where, given] = await answers<[string | URL, HeadersInit | undefined]>(attempt, url, options.headers)
    if (attempt.signal.aborted) return
    const { fetch = globalThis.fetch } = options
    if (!fetch) throw new RealtimeError('unsupported', 'Pass a fetch.')
    const target = resolveUrl(where, 'http', environment.origin())
    const type = typeof frame === 'string' ? 'application/json' : 'application/octet-stream'
    const init = requestInit(target, options, given, frame as BodyInit, ['content-type', type])
    init.headers.set('Idempotency-Key', key)

    let response: Response
    try {
      response = await fetch(target.href, { ...init, redirect: 'manual', signal: attempt.signal })
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

/** A random UUID, also on pages without https, where `crypto.randomUUID` is missing. */
export function createKey(): string {
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => {
    const [random = 0] = crypto.getRandomValues(new Uint8Array(1))
    // Of the digit that holds the variant, the two bits that are set stay: https://www.rfc-editor.org/rfc/rfc9562#section-5.4
    return (+digit ^ (random & (15 >> (+digit / 4)))).toString(16)
  })
}

/** Requests over fetch. Errors never quote the URL, a header or what the platform says of them: they carry tokens. */
import { asError, type ErrorDetails, mustBeFunction, RealtimeError } from '../errors.ts'
import type { Provider } from '../transport.ts'
import { resolveUrl } from './url.ts'

/** What a request takes besides its URL and body. */
export interface RequestOptions {
  readonly method?: string | undefined
  readonly headers?: Provider<HeadersInit> | undefined
  readonly credentials?: RequestCredentials | undefined
  readonly fetch?: typeof fetch | undefined
}

export const noAnswer = 'Nothing listens there, or CORS forbids it: see the network panel.'

export function mustHaveFetch({ fetch = globalThis.fetch }: RequestOptions): typeof fetch {
  if (!fetch) throw new RealtimeError('unsupported', 'Pass a fetch.')
  return fetch
}

/** For a factory: throws 'invalid-config' for what no provider can still make good. */
export function mustBeRequestable(url: Provider<string | URL>, options: RequestOptions, body?: unknown): void {
  const { fetch, headers } = options
  if (fetch) mustBeFunction(fetch, 'fetch')
  requestInit(
    typeof url === 'function' ? new URL('http://a') : resolveUrl(url, 'http'),
    options,
    typeof headers === 'function' ? undefined : headers,
    body as BodyInit,
  )
}

/** `usual` is a header for those who give none of this name. Checked here, since what the platform throws quotes headers and URL. */
export function requestInit(
  target: URL,
  { credentials = 'same-origin', method }: RequestOptions,
  given: HeadersInit | undefined,
  body: BodyInit | null | undefined,
  usual: readonly [name: string, value: string] = ['accept', 'text/event-stream'],
) {
  const hasBody = body != null
  const init = { method: method ?? (hasBody ? 'POST' : 'GET'), credentials, cache: 'no-store' } as const
  try {
    const headers = new Headers(given)
    if (!headers.has(usual[0])) headers.set(...usual)
    // A stream would be locked by a request that is made to be checked.
    new Request(target, { ...init, body: hasBody ? '' : null })
    return { ...init, headers, body: body ?? null, duplex: 'half' }
  } catch {
    throw new RealtimeError('invalid-config', 'fetch takes no such URL, method, headers, body or credentials.')
  }
}

/** Why there is no answer, or no more of it: an error of ours as it is, any other as the facts that `make` makes one of. */
export function fetchError(
  cause: unknown,
  facts: ErrorDetails,
  make: (details: ErrorDetails, message: string) => RealtimeError,
): RealtimeError {
  const error = asError(cause, 'lost', 'fetch')
  if (error === cause) return error
  // Node tells in the cause of the cause what it could not do, and with which URL.
  const isFit = 'cause' in error && 'cause' in asError(Object(cause).cause)
  return make({ ...facts, ...(isFit && { cause: error.cause }) }, error.message)
}

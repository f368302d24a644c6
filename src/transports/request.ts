/** Requests over fetch. Errors never quote the URL, a header or what the platform says of them: they carry tokens. */
import { RealtimeError } from '../errors.ts'

/** What is the same for every request of a transport. */
interface RequestOptions {
  readonly method?: string | undefined
  readonly credentials?: RequestCredentials | undefined
}

export const noAnswer = 'Nothing listens there, or CORS or a CSP forbids it: see the console.'

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
    // It would be sent as '[object Object]'.
    if (body?.constructor === Object) throw body
    const headers = new Headers(given)
    if (!headers.has(usual[0])) headers.set(...usual)
    // A stream would be locked by a request that is made to be checked.
    new Request(target, { ...init, body: hasBody ? '' : null })
    return { ...init, headers, body: body ?? null, duplex: 'half' }
  } catch {
    throw new RealtimeError('invalid-config', 'fetch takes no such URL, method, headers, body or credentials.')
  }
}

/** What may be told of why fetch failed. */
export function causeOf({ cause }: { readonly cause?: unknown }): { readonly cause?: unknown } {
  return cause ? { cause } : {}
}

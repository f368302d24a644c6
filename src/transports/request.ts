/** Requests over fetch. Errors never quote the URL, a header or what the platform says of them: they carry tokens. */
import { RealtimeError } from '../errors.ts'

/** What is the same for every request of a transport. */
interface RequestOptions {
  readonly method?: string | undefined
  readonly credentials?: RequestCredentials | undefined
}

export const noAnswer = 'Nothing listens there, or CORS or a CSP forbids it: see the console.'

/** Checks what a request is made of here, since what the platform throws quotes headers and URL. `usual` is a header for when none of its name is given. */
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
    // A plain object would be sent as '[object Object]'.
    if (body?.constructor === Object) throw body
    const headers = new Headers(given)
    if (!headers.has(usual[0])) headers.set(...usual)
    // Made only to check the rest: with the real body, a stream would be locked by it.
    new Request(target, { ...init, body: hasBody ? '' : null })
    return { ...init, headers, body: body ?? null, duplex: 'half' }
  } catch {
    throw new RealtimeError('invalid-config', 'fetch takes no such URL, method, headers, body or credentials.')
  }
}

/** The `cause` of an error, if it has one, as details for another. */
export function causeOf({ cause }: { readonly cause?: unknown }): { readonly cause?: unknown } {
  return cause ? { cause } : {}
}

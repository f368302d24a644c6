/**
 * What a transport may dial. Messages never quote the URL: its query, its path and its user info carry tokens.
 */
import type { PageOrigin } from '../environment.ts'
import { must, RealtimeError } from '../errors.ts'

/** The scheme that the transport speaks; `ws` also takes http(s):, which it then turns into ws(s):. */
export type UrlKind = 'ws' | 'http'

const trustworthy = /^(https|wss):|\/\/((.+\.)?localhost|127\.[\d.]+|\[::1])(:\d+)?$/

/**
 * The URL to dial, resolved against the page, without its fragment. Throws 'invalid-config', and 'insecure' for mixed
 * content (https://w3c.github.io/webappsec-mixed-content/#should-block-fetch; a loopback host is trustworthy:
 * https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy).
 */
export function resolveUrl(
  url: unknown,
  kind: UrlKind,
  { base, secure }: Partial<PageOrigin> = { base: 'http://localhost' },
): URL {
  let target: URL | undefined
  try {
    if (typeof url === 'string' || url instanceof URL) target = new URL(url, base)
  } catch {
    // Told below, without the platform's message, which quotes the URL.
  }
  must(
    target && [`${kind}:`, `${kind}s:`, 'http:', 'https:'].includes(target.protocol),
    `The URL must be ${kind}s:, ${kind}: or a path in a page.`,
  )
  if (secure && !trustworthy.test(target.origin)) {
    throw new RealtimeError('insecure', `The URL must be ${kind}s:, as the page is https:.`)
  }
  target.hash = ''
  return target
}

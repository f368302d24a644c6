/**
 * What a transport may dial. Messages never quote the URL: its query, its path and its user info carry tokens.
 */
import type { PageOrigin } from '../environment.ts'
import { must, RealtimeError } from '../errors.ts'
import type { Link } from '../transport.ts'

/** A link that learns where it leads when its provider has answered. */
export interface LinkWithClues extends Link {
  isLocal?: boolean
  clue?: { readonly hint: string }
}

/** The scheme that the transport speaks; `ws` also takes http(s):, which it then turns into ws(s):. */
export type UrlKind = 'ws' | 'http'

/** Loopback hosts: https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy (a URL writes its IPv4 address in full). */
export function isLocal({ hostname }: URL): boolean {
  return /^((.+\.)?localhost|127[\d.]+|\[::1])$/.test(hostname)
}

/**
 * The URL to dial, resolved against the page, without its fragment, and for `ws` with http(s): turned into ws(s):.
 * Throws 'invalid-config', and 'insecure' for mixed content
 * (https://w3c.github.io/webappsec-mixed-content/#should-block-fetch), which a loopback host is not. Without an origin it
 * only checks the URL, against a stand-in.
 */
export function resolveUrl(
  url: unknown,
  kind: UrlKind,
  { base, secure }: Partial<PageOrigin> = { base: 'http://a' },
): URL {
  let target: URL | undefined
  try {
    // A URL of another realm is one, too.
    const text = (url as Partial<URL> | undefined)?.href ?? url
    if (typeof text === 'string') {
      target = new URL(text, base)
      target.protocol = target.protocol.replace('http', kind)
    }
  } catch {
    // Told below, without the platform's message, which quotes the URL.
  }
  must(
    target?.protocol === `${kind}:` || target?.protocol === `${kind}s:`,
    `The URL must be ${kind}s:, ${kind}: or a path in a page.`,
  )
  if (secure && target.protocol === `${kind}:` && !isLocal(target)) {
    throw new RealtimeError('insecure', `The URL must be ${kind}s:.`, { hint: 'Browsers block mixed content.' })
  }
  target.hash = ''
  return target
}

/** Puts the id, where there is one, into the query as the parameter `name`. */
export function withLastEventId(target: URL, name: string, id: string): void {
  // `%20` is a space to every server, `+` is not. A lone surrogate, at which `encodeURIComponent` throws, becomes U+FFFD.
  const query = `${new URLSearchParams([[name, id]])}`.replaceAll('+', '%20')
  const isThere = target.searchParams.has(name)
  // Servers refuse longer queries, and would refuse every attempt from then on.
  if (!id || (isThere ? 0 : target.search.length) + query.length > 8000) return
  // Appended as text where it can be: `searchParams` writes the whole query anew, which breaks a signed one.
  if (isThere) target.searchParams.set(name, id)
  else target.search += `${target.search && '&'}${query}`
}

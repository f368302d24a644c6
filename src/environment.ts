/**
 * Everything outside the library that its core touches: clock, timers, randomness and what is known of the page. Each
 * contact is wrapped, never kept, so that a replacement made later (a test's clock) is seen, and nothing is touched
 * before a client asks.
 */

/** Where relative URLs start, and whether mixed content is forbidden. */
export interface PageOrigin {
  /** Base of relative URLs, `undefined` where there is no page. */
  readonly base: string | undefined
  /** Whether the page came over https, so that `ws:` and `http:` are mixed content. */
  readonly secure: boolean
}

const pageEvents = ['online', 'offline', 'visibilitychange', 'freeze', 'resume', 'pagehide', 'pageshow'] as const

/** What happens to a page, by the platform's names; `pagehide` and `pageshow` only where they are about the back/forward cache. */
export type PageEvent = (typeof pageEvents)[number]

/** Clock, timers, randomness and what is known of the page. By default the platform's own. */
export interface Environment {
  /** Epoch time in milliseconds. */
  now(): number
  /** From 0 up to, but not including, 1. */
  random(): number
  /** Calls back once after `ms` milliseconds. The result cancels it; cancelling twice, or too late, does nothing. */
  setTimer(callback: () => void, ms: number): () => void
  /** Where the page came from, asked at every attempt. */
  origin(): PageOrigin
  /** Whether nobody sees the page. */
  isHidden?(): boolean
  /** Tells what happens to the page, until the signal is aborted. */
  watchPage?(listener: (event: PageEvent) => void, signal: AbortSignal): void
}

/** Above 2 ** 31 - 1 a platform's timer fires at once. */
const longestDelay = 2_000_000_000

/** The real thing: a page, a worker, Node, Deno or Bun. */
export const platform: Environment = {
  now: () => Date.now(),
  random: () => Math.random(),
  setTimer(callback, ms) {
    // What has been due for some time has a negative delay, of which Node warns.
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), longestDelay))
    return () => clearTimeout(timer)
  },
  origin() {
    const { document, location, origin } = globalThis as Partial<typeof globalThis>
    // Both are asked: the origin of a sandboxed frame is 'null', and a worker's script may be a blob.
    const secure = /^https:/.test(origin as string) || /^https:/.test(location?.href as string)
    return { base: document?.baseURI ?? location?.href, secure }
  },
  isHidden: () => !!(globalThis as Partial<typeof globalThis>).document?.hidden,
  watchPage(listener, signal) {
    const page = globalThis as Partial<EventTarget>
    // A page that goes for good, or comes for the first time, has `persisted: false`. An element's event is not the page's.
    const hear = ({ type, target, persisted }: Event & { readonly persisted?: boolean }) =>
      persisted === false || (target as Partial<Node>).nodeType === 1 || listener(type as PageEvent)
    for (const type of pageEvents) {
      // Capturing, since some of them happen to the document. Node's global object is no EventTarget.
      page.addEventListener?.(type, hear, { capture: true })
      // Not by an option of the listener: zone.js before 0.14.3 would end with it everybody's listeners of this type, the page's own included.
      signal.addEventListener('abort', () => page.removeEventListener?.(type, hear, { capture: true }), { once: true })
    }
  },
}

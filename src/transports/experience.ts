/** What a list of transports has been through, in memory and in a storage. Knows no transport, nor what speaks for or against one. */
import type { Environment } from '../environment.ts'
import { mustBeNumbers } from '../errors.ts'

/** How long `fallback` remembers what worked, and where. */
export interface FallbackOptions {
  /** How long a transport that worked is tried first, in milliseconds. @default 1_800_000 */
  readonly rememberFor?: number | undefined
  /**
   * Where that is kept for the next visit: names of transports, a position and times. What the storage throws is ignored;
   * `false` keeps it in memory only. @default localStorage, in a page
   */
  readonly storage?:
    | {
        getItem(key: string): string | null
        setItem(key: string, value: string): void
        removeItem(key: string): void
      }
    | false
    | undefined
}

/** What a list of transports has been through at one origin. */
export interface Experience {
  /** How long the last good dial of each took, in milliseconds. */
  readonly took: number[]
  /** The position to begin with at this epoch time; NaN where nothing speaks against the order of the list. */
  best(now: number): number
  /** Keeps what is known; also the position to begin with from this epoch time on, if there is one. */
  write(best: number | undefined, now: number): void
}

/**
 * The result gives the experience at the environment's origin. It is read once, and then kept in memory: a storage that takes nothing
 * makes no difference to this page.
 */
export function createExperience(
  name: string,
  { rememberFor = 1_800_000, storage }: FallbackOptions,
): (environment: Environment) => Experience {
  mustBeNumbers(0, { rememberFor })
  const experiences = new Map<string, Experience>()

  return (environment) => {
    let key = `holdfast ${name}`
    let store = storage as Exclude<typeof storage, false>
    let text: string | null | undefined
    try {
      const { base } = environment.origin()
      if (base) {
        key += ` ${new URL(base).origin}`
        // Only in a page: Node prints a warning when `localStorage` is read.
        store ??= localStorage
      }
      if (!experiences.has(key)) text = store?.getItem(key)
    } catch {
      // A sandboxed frame is not allowed to read it.
    }
    let [position = NaN, since = NaN, ...took] = `${text}`.split(',').map(parseFloat)
    const experience = experiences.get(key) ?? {
      took,
      // Success does not renew `since`, or the better one would never be tried again. Absolute: a clock that was set back ends it, too.
      best: (now) => (Math.abs(now - since) < rememberFor ? position : NaN),
      write(best, now) {
        if (best !== undefined) {
          position = best
          since = now
        }
        try {
          store?.setItem(key, `${[position, since, ...took]}`)
        } catch {
          // It may be full.
        }
      },
    }
    experiences.set(key, experience)
    return experience
  }
}

/** One interface for browsers of three engines: what the tests need, and what all three can do. */

export const engineNames = ['chromium', 'firefox', 'webkit'] as const
export type EngineName = (typeof engineNames)[number] | 'firefox that blocks storage'

/** An installed browser that runs. */
export interface Engine {
  openProfile(): Promise<Profile>
  /** Closes what is open of it, too. */
  close(): Promise<void>
}

/** Tabs that share storage, locks and channels with each other and with nobody else. */
export interface Profile {
  /** An empty tab. Every tab is seen: none covers another one. */
  open(): Promise<Tab>
  close(): Promise<void>
}

export interface Tab {
  /** Resolves when the page has loaded. */
  goto(url: string): Promise<void>
  /** The same, listening from before the first script of the page. */
  gotoObserved(url: string): Promise<Complaints>
  /** Runs the function in the page, where it can refer to nothing out here. What goes in and comes out is JSON. */
  run<A extends readonly unknown[], R>(inPage: (...args: A) => R | Promise<R>, ...args: A): Promise<R>
  /** Asks for the page before this one. It may come later. */
  back(): Promise<void>
  /** Idempotent. */
  close(): Promise<void>
}

/** Reads what there is so far: errors and warnings on the console, what was thrown and not caught, and what could not be loaded. */
export type Complaints = () => Promise<readonly string[]>

/** What evaluates to the result of the call. */
export function callOf(inPage: (...args: never[]) => unknown, args: readonly unknown[]): string {
  return `(${inPage})(...${JSON.stringify(args)})`
}
